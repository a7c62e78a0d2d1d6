import assert from "node:assert/strict";
import { test } from "node:test";

import { GapError, GarbledError } from "../../bridge/web/client/errors.js";
import { Session } from "../../bridge/web/client/session.js";

const OPENING = { id: "a-1", key: "k".repeat(22), max_unacked_bytes: 1000 };

function open() {
  const told = { received: [], refused: [] };
  const session = new Session(OPENING, {
    received: (message, number) => told.received.push([number, message]),
    refused: (refusal) => told.refused.push(refusal.message),
  });
  return { session, told };
}

test("messages are handed on with their numbers", () => {
  const { session, told } = open();
  session.receive(1, ["a", "b"]);
  session.receive(3, ["c"]);
  assert.deepEqual(told.received, [[1, "a"], [2, "b"], [3, "c"]]);
  assert.equal(session.received, 3);
});

test("numbers that were received before are dropped", () => {
  const { session, told } = open();
  session.receive(1, ["a", "b"]);
  session.receive(1, ["a"]);
  session.receive(2, ["b", "c"]);
  assert.deepEqual(told.received, [[1, "a"], [2, "b"], [3, "c"]]);
});

test("a missing number is an error, and nothing behind it is handed on", () => {
  const { session, told } = open();
  session.receive(1, ["a"]);
  assert.throws(() => session.receive(3, ["c"]), GapError);
  assert.deepEqual(told.received, [[1, "a"]]);
});

test("a number counts as received before the message is handed on", () => {
  const numbers = [];
  const session = new Session(OPENING, {
    received: () => numbers.push(session.received),
    refused: () => {},
  });
  session.receive(1, ["a", "b"]);
  assert.deepEqual(numbers, [1, 2]);
});

test("a refusal is told once, however often the bridge repeats it", () => {
  const { session, told } = open();
  for (const message of [2, 2, 5, 2, 5]) session.refuse({ message, code: "x", detail: "" });
  assert.deepEqual(told.refused, [2, 5]);
});

test("an answer that names no session is none", () => {
  for (const answer of [undefined, {}, { id: "a-1" }, { key: "k" }]) {
    assert.throws(() => new Session(answer, {}), GarbledError);
  }
});
