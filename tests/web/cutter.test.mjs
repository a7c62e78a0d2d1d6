import assert from "node:assert/strict";
import { test } from "node:test";

import { Cutter } from "../../bridge/web/ruffle/cutter.js";

const STREAM = new TextEncoder().encode("<a/>\0\0\ufeff<b>žluťoučký 🐎</b>\0");
const MESSAGES = ["<a/>", "", "\ufeff<b>žluťoučký 🐎</b>"];

test("a stream becomes the same messages wherever it is cut", () => {
  for (let at = 0; at <= STREAM.length; at += 1) {
    const cutter = new Cutter(100);
    const pieces = [STREAM.subarray(0, at), STREAM.subarray(at)];
    assert.deepEqual(pieces.flatMap((piece) => [...cutter.feed(piece)]), MESSAGES);
  }
});

test("a rest waits for its zero byte", () => {
  const cutter = new Cutter(100);
  assert.deepEqual([...cutter.feed(STREAM.subarray(0, 3))], []);
  assert.deepEqual([...cutter.feed(STREAM.subarray(3, 5))], ["<a/>"]);
});

test("bytes may be used for something else once they are fed", () => {
  const cutter = new Cutter(100);
  const bytes = STREAM.slice(0, 3);
  assert.deepEqual([...cutter.feed(bytes)], []);
  bytes.fill(0);
  assert.deepEqual([...cutter.feed(Uint8Array.of(0x3e, 0))], ["<a/>"]);
});

test("a message may have just as many bytes as are allowed, each of them", () => {
  const cutter = new Cutter(4);
  assert.deepEqual([...cutter.feed(STREAM.subarray(0, 5))], ["<a/>"]);
  assert.deepEqual([...cutter.feed(STREAM.subarray(0, 5))], ["<a/>"]);
});

test("one byte more is an error, before the message has ended", () => {
  const cutter = new Cutter(3);
  assert.deepEqual([...cutter.feed(STREAM.subarray(0, 3))], []);
  assert.throws(() => [...cutter.feed(STREAM.subarray(3, 4))], RangeError);
});

test("what is not UTF-8 is an error, after the messages before it", () => {
  for (const wrong of [[0xff, 0], [0xc5, 0], [0xed, 0xa0, 0x80, 0]]) {
    const messages = new Cutter(100).feed(Uint8Array.of(0x41, 0, ...wrong));
    assert.equal(messages.next().value, "A");
    assert.throws(() => messages.next(), TypeError);
  }
});
