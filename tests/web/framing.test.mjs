import assert from "node:assert/strict";
import { test } from "node:test";

import { GarbledError } from "../../bridge/web/client/errors.js";
import { bytesCodec, textCodec } from "../../bridge/web/client/framing.js";

/** @param {string | Uint8Array} payload */
function toBuffer(payload) {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

test("text comes out as it went in, empty messages and byte order marks included", () => {
  const messages = ["<a/>", "", "\ufeff<b/>", "žluťoučký 🐎"];
  const payload = textCodec.encode(messages);
  assert.deepEqual(textCodec.decode(payload), messages);
  assert.deepEqual(textCodec.decode(toBuffer(payload)), messages);
});

test("bytes come out as they went in, empty messages included", () => {
  const messages = [Uint8Array.of(1, 255), Uint8Array.of(), Uint8Array.of(7)];
  const decoded = bytesCodec.decode(toBuffer(bytesCodec.encode(messages)));
  assert.deepEqual(decoded.map((message) => [...message]), [[1, 255], [], [7]]);
});

test("a payload without messages holds none", () => {
  assert.deepEqual(textCodec.decode(new ArrayBuffer(0)), []);
  assert.deepEqual(bytesCodec.decode(new ArrayBuffer(0)), []);
});

test("a message that is not ended is an error, whatever stands before it", () => {
  for (const payload of ["<a/>", "<a/>\0<b"]) {
    assert.throws(() => textCodec.decode(payload), GarbledError);
    assert.throws(() => bytesCodec.decode(toBuffer(payload)), GarbledError);
  }
});

test("a text frame is an error where messages are bytes", () => {
  assert.throws(() => bytesCodec.decode("a\0"), GarbledError);
});

test("sizes are those of the daemon's stream: UTF-8 and a zero byte", () => {
  assert.equal(textCodec.sizeOf(""), 1);
  assert.equal(textCodec.sizeOf("ž🐎"), 7);
  assert.equal(bytesCodec.sizeOf(Uint8Array.of(1, 2)), 3);
});

test("a zero byte cannot be sent, since it would end the message", () => {
  assert.throws(() => textCodec.admit("a\0b"), TypeError);
  assert.throws(() => bytesCodec.admit(Uint8Array.of(1, 0)), TypeError);
});

test("bytes cannot be sent to a daemon of text, text can to a daemon of bytes", () => {
  assert.throws(() => textCodec.admit(Uint8Array.of(1)), TypeError);
  assert.deepEqual(bytesCodec.admit("ab"), Uint8Array.of(97, 98));
});

test("bytes sent are kept apart from the caller's", () => {
  const mine = Uint8Array.of(1, 2);
  const sent = bytesCodec.admit(mine);
  mine[0] = 9;
  assert.deepEqual(sent, Uint8Array.of(1, 2));
});
