import assert from "node:assert/strict";
import { test } from "node:test";

import { GapError } from "../../bridge/web/client/errors.js";
import { Outbox } from "../../bridge/web/client/outbox.js";

/** An outbox holding "1", "2", ... of `size` bytes each. */
function outboxOf(count, { size = 10, limit = 1000 } = {}) {
  const outbox = new Outbox(limit);
  for (let number = 1; number <= count; number += 1) outbox.push(String(number), size);
  return outbox;
}

test("messages are numbered from 1 and handed out once a connection", () => {
  const outbox = outboxOf(2);
  assert.equal(outbox.push("3", 10), 3);
  assert.deepEqual(outbox.take(), { first: 1, messages: ["1", "2", "3"] });
  assert.deepEqual(outbox.take(), { first: 4, messages: [] });
  assert.equal(outbox.sent, 3);
});

test("what is not acknowledged is handed out again, under the same number", () => {
  const outbox = outboxOf(3);
  outbox.take();
  outbox.acknowledge(1);
  outbox.resume();
  assert.deepEqual(outbox.take(), { first: 2, messages: ["2", "3"] });
});

test("a new connection begins behind what the bridge says it has", () => {
  const outbox = outboxOf(3);
  outbox.take();
  outbox.resume(2);
  assert.deepEqual(outbox.take(), { first: 3, messages: ["3"] });
  assert.equal(outbox.acknowledged, 2);
});

test("no more than the bound is out unacknowledged", () => {
  const outbox = outboxOf(5, { size: 10, limit: 25 });
  assert.deepEqual(outbox.take().messages, ["1", "2"]);
  assert.deepEqual(outbox.take().messages, []);
  outbox.acknowledge(1);
  assert.deepEqual(outbox.take(), { first: 3, messages: ["3"] });
  assert.ok(outbox.hasWaiting);
});

test("a message above the bound goes out, but alone", () => {
  const outbox = new Outbox(25);
  outbox.push("small", 10);
  outbox.push("big", 100);
  outbox.push("small too", 10);
  assert.deepEqual(outbox.take().messages, ["small"]);
  outbox.acknowledge(1);
  assert.deepEqual(outbox.take().messages, ["big"]);
  outbox.acknowledge(2);
  assert.deepEqual(outbox.take().messages, ["small too"]);
});

test("bytes are counted until they are acknowledged", () => {
  const outbox = outboxOf(3);
  outbox.take();
  assert.equal(outbox.bytes, 30);
  outbox.acknowledge(2);
  assert.equal(outbox.bytes, 10);
});

test("an older acknowledgement that comes late changes nothing", () => {
  const outbox = outboxOf(3);
  outbox.take();
  outbox.acknowledge(3);
  outbox.acknowledge(1);
  assert.equal(outbox.acknowledged, 3);
});

test("messages accepted over an older connection are still counted on the new one", () => {
  const outbox = outboxOf(4, { size: 10, limit: 25 });
  outbox.take();
  outbox.acknowledge(2);
  outbox.take();
  outbox.resume(2);
  outbox.push("5", 10);
  // Only now do 3 and 4 arrive from the old connection, and the bridge acknowledges them here.
  outbox.acknowledge(4);
  assert.deepEqual(outbox.take(), { first: 3, messages: ["3", "4"] });
});

test("an acknowledgement of what was never sent is an error", () => {
  const outbox = outboxOf(2);
  assert.throws(() => outbox.acknowledge(1), GapError);
  assert.throws(() => outbox.resume(1), GapError);
});

test("a bridge that has less than it acknowledged has lost messages", () => {
  const outbox = outboxOf(2);
  outbox.take();
  outbox.acknowledge(2);
  assert.throws(() => outbox.resume(1), GapError);
});
