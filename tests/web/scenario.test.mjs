import assert from "node:assert/strict";
import { test } from "node:test";

import { Journal } from "../../bridge/web/console/journal.js";
import { Replay } from "../../bridge/web/console/replay.js";
import { readScenario, scenarioOf, writeScenario } from "../../bridge/web/console/scenario.js";
import { useClock } from "./clock.mjs";

const BYTES = Uint8Array.of(0xff, 0, 0x80);

/** A scenario of these messages, one each 100 ms. */
const scenarioEach100Ms = (...messages) => ({
  daemon: "demo",
  messages: messages.map((message, index) => ({ atMs: index * 100, message })),
});

/** A replay and what it told. */
function replayOf(scenario, isPaced, isOpen = () => true) {
  const told = { sent: [], ended: [] };
  const replay = new Replay(scenario, isPaced, {
    send: (message) => {
      if (!isOpen()) throw new Error("not connected");
      told.sent.push(message);
    },
    progressed: () => {},
    ended: (failure) => told.ended.push(failure),
  });
  return { replay, told };
}

const written = (changes) =>
  JSON.stringify({ format: "xmlsocket-bridge-scenario", version: 1, daemon: "demo", ...changes });

test("what was sent is saved with its times, and nothing else", () => {
  let ms = 1_000;
  const journal = new Journal(() => (ms += 10));
  journal.note("Connected");
  journal.sent("<a/>", 1);
  journal.received("<b/>", 1);
  journal.sent(BYTES, 2);
  const { daemon, messages } = scenarioOf(journal.entries, "demo");
  assert.equal(daemon, "demo");
  assert.deepEqual(messages, [{ atMs: 0, message: "<a/>" }, { atMs: 20, message: BYTES }]);
});

test("a scenario that was written is read as it was", () => {
  const scenario = scenarioEach100Ms("<a/>", "", "ž\u0001🐎", BYTES);
  assert.deepEqual(readScenario(writeScenario(scenario)), scenario);
});

test("what is no scenario is refused, and the reason told", () => {
  const refused = [
    ["{", "no scenario"],
    ["null", "no scenario"],
    [written({ version: 2, messages: [{ at_ms: 0, text: "" }] }), "no scenario"],
    [written({ messages: [] }), "no messages"],
    [written({ messages: [null] }), "message 1 of the scenario is out of time"],
    [written({ messages: [{ at_ms: 5, text: "" }, { at_ms: 4, text: "" }] }), "message 2 of"],
    [written({ messages: [{ at_ms: 1e12, text: "" }] }), "out of time"],
    [written({ messages: [{ at_ms: 0, base64: "!" }] }), "neither text nor base64"],
    [written({ messages: Array(10_001).fill({ at_ms: 0, text: "" }) }), "more than 10000"],
  ];
  for (const [text, reason] of refused) {
    assert.throws(() => readScenario(text), (error) => error.message.includes(reason), reason);
  }
});

test("a replay keeps the pace that there was", (t) => {
  const pass = useClock(t);
  const { replay, told } = replayOf(scenarioEach100Ms("1", "2", "3"), true);
  replay.start();
  assert.deepEqual(told.sent, ["1"]);
  pass(99);
  assert.deepEqual(told.sent, ["1"]);
  pass(1);
  assert.deepEqual(told.sent, ["1", "2"]);
  pass(100);
  assert.deepEqual([told.sent, told.ended], [["1", "2", "3"], [null]]);
});

test("a replay whose timers were late sends together what is due", (t) => {
  const pass = useClock(t);
  const { replay, told } = replayOf(scenarioEach100Ms("1", "2", "3", "4"), true);
  replay.start();
  pass(250);
  assert.deepEqual(told.sent, ["1", "2", "3"]);
});

test("at once, all go out without waiting, a hundred at a time", (t) => {
  const pass = useClock(t);
  const { replay, told } = replayOf(scenarioEach100Ms(...Array(150).fill("x")), false);
  replay.start();
  assert.equal(told.sent.length, 100);
  pass(0);
  assert.deepEqual([told.sent.length, told.ended], [150, [null]]);
});

test("a replay that is stopped sends no more and tells no end", (t) => {
  const pass = useClock(t);
  const { replay, told } = replayOf(scenarioEach100Ms("1", "2"), true);
  replay.start();
  replay.stop();
  pass(1_000);
  assert.deepEqual([told.sent, told.ended], [["1"], []]);
});

test("a replay ends with the reason when a message cannot be sent", (t) => {
  const pass = useClock(t);
  let isOpen = true;
  const { replay, told } = replayOf(scenarioEach100Ms("1", "2"), true, () => isOpen);
  replay.start();
  isOpen = false;
  pass(100);
  pass(100);
  assert.deepEqual([told.sent, told.ended], [["1"], ["not connected"]]);
});
