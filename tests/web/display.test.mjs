import assert from "node:assert/strict";
import { test } from "node:test";

import { sizeOf, toCount, toDuration, toSize, toVisible } from "../../bridge/web/console/display.js";

test("sizes are bytes in UTF-8, written for people", () => {
  assert.equal(sizeOf("ž🐎"), 6);
  assert.equal(sizeOf(Uint8Array.of(1, 2, 3)), 3);
  const sizes = [0, 1023, 1536, 3 * 1024 * 1024].map(toSize);
  assert.deepEqual(sizes, ["0 B", "1023 B", "1.5 KB", "3.0 MB"]);
});

test("control characters are shown by their pictures, line feeds as what they are", () => {
  assert.equal(toVisible("a\u0001\r\n\tb\u007f"), "a␁␍\n\tb␡");
});

test("bytes are shown as text where they are text, else in hexadecimal", () => {
  assert.equal(toVisible(new TextEncoder().encode("<a/>")), "<a/>");
  assert.equal(toVisible(Uint8Array.of(255, 1, 160)), "ff 01 a0");
});

test("what is very long is cut short and says so", () => {
  const shown = toVisible("x".repeat(10_007));
  assert.ok(shown.startsWith("x".repeat(10_000)));
  assert.ok(shown.endsWith(" … and 7 characters more"));
});

test("durations have two digits that count", () => {
  const durations = [0, 1.24, 9.96, 250.4, 1_000, 61_000, 125_000].map(toDuration);
  assert.deepEqual(durations, ["0.0 ms", "1.2 ms", "10 ms", "250 ms", "1.0 s", "61.0 s", "125 s"]);
});

test("one is counted in the singular", () => {
  assert.deepEqual([1, 2_000].map((count) => toCount(count, "message")), ["1 message", "2,000 messages"]);
});
