import assert from "node:assert/strict";
import { test } from "node:test";

import { Axis, Latency } from "../../bridge/web/console/latency.js";

/** Of messages that were answered after these times, `null` being none yet. */
function latencyOf(times) {
  const latency = new Latency();
  for (const answeredMs of times) latency.added({ kind: "sent", answeredMs, acceptedMs: null });
  return latency;
}

test("figures are of the times that are known", () => {
  const times = Array.from({ length: 100 }, (_, index) => index + 1);
  const latency = latencyOf([null, ...times.reverse(), null]);
  assert.deepEqual(latency.figures("answeredMs"), { leastMs: 1, medianMs: 50, highMs: 95, mostMs: 100 });
  assert.equal(latency.figures("acceptedMs"), null);
});

test("messages received and events are none of them", () => {
  const latency = latencyOf([7]);
  latency.added({ kind: "received", answeredMs: 1 });
  latency.added({ kind: "event", answeredMs: 1 });
  assert.equal(latency.figures("answeredMs").medianMs, 7);
});

test("old ones are forgotten", () => {
  const latency = latencyOf([1, ...Array(200).fill(5)]);
  assert.equal(latency.figures("answeredMs").leastMs, 5);
});

test("an axis ends at powers of ten around what it shows", () => {
  const axis = new Axis(3, 450);
  assert.deepEqual(axis.ticksMs, [1, 10, 100, 1_000]);
  assert.deepEqual([1, 10, 1_000].map((ms) => Number(axis.place(ms).toFixed(3))), [0, 0.333, 1]);
});

test("an axis has a length, be it for one value, or for none that can be measured", () => {
  assert.deepEqual(new Axis(10, 10).ticksMs, [10, 100]);
  assert.deepEqual(new Axis(0, 0).ticksMs, [0.1, 1]);
  assert.equal(new Axis(0, 0).place(0), 0);
});
