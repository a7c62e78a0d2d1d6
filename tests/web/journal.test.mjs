import assert from "node:assert/strict";
import { test } from "node:test";

import { ALL } from "../../bridge/web/console/filter.js";
import { Journal } from "../../bridge/web/console/journal.js";
import { View } from "../../bridge/web/console/view.js";

/** A journal whose clock is set by the test, and what a view of it shows. */
function journalAt(startMs = 0) {
  const clock = { ms: startMs };
  const journal = new Journal(() => clock.ms);
  const view = new View(journal, () => {});
  return { clock, journal, view };
}

const texts = (entries) => entries.map(({ text }) => text);
const marks = (entries) => entries.map(({ mark }) => mark);

test("entries have their number, size and time, in both directions", () => {
  const { journal } = journalAt(5);
  journal.sent("<ž/>", 1);
  journal.received(Uint8Array.of(255), 7);
  const [up, down] = journal.entries;
  assert.deepEqual([up.kind, up.number, up.bytes, up.atMs], ["sent", 1, 5, 5]);
  assert.deepEqual([down.kind, down.number, down.bytes, down.text], ["received", 7, 1, "ff"]);
});

test("what was sent is accepted up to the number acknowledged", () => {
  const { clock, journal } = journalAt();
  for (const number of [1, 2, 3]) journal.sent(String(number), number);
  clock.ms = 12;
  journal.acknowledged(2);
  assert.deepEqual(marks(journal.entries), ["accepted", "accepted", "pending"]);
  assert.deepEqual(journal.entries.map(({ acceptedMs }) => acceptedMs), [12, 12, null]);
});

test("a refused message stays refused when its number is acknowledged, and is no latency", () => {
  const { journal } = journalAt();
  journal.sent("<a>", 1);
  journal.refused(1, "not-well-formed");
  journal.acknowledged(1);
  assert.deepEqual([journal.entries[0].mark, journal.entries[0].acceptedMs], ["refused", null]);
  assert.match(journal.entries[1].text, /Message 1 was refused: not-well-formed/);
});

test("what is not acknowledged by the end is not confirmed", () => {
  const { journal } = journalAt();
  journal.sent("1", 1);
  journal.acknowledged(1);
  journal.sent("2", 2);
  journal.ended();
  assert.deepEqual(marks(journal.entries), ["accepted", "lost"]);
});

test("the next message that comes answers all that were sent before it, once", () => {
  const { clock, journal } = journalAt();
  journal.sent("1", 1);
  clock.ms = 4;
  journal.sent("2", 2);
  clock.ms = 10;
  journal.received("a", 1);
  clock.ms = 20;
  journal.received("b", 2);
  assert.deepEqual(journal.entries.map(({ answeredMs }) => answeredMs), [10, 6, null, null]);
});

test("a message of the next session does not answer one of the last", () => {
  const { journal } = journalAt();
  journal.sent("1", 1);
  journal.ended();
  journal.received("welcome", 1);
  assert.equal(journal.entries[0].answeredMs, null);
});

test("the oldest entries are dropped and counted, and the view follows", () => {
  const { journal, view } = journalAt();
  for (let number = 1; number <= 10_005; number += 1) journal.received(String(number), number);
  assert.deepEqual([journal.entries.length, journal.dropped], [10_000, 5]);
  assert.equal(journal.entries[0].number, 6);
  assert.deepEqual([view.entries.length, view.dropped, view.entries[0].number], [10_000, 5, 6]);
});

test("what is kept is bounded in bytes too, but the latest entry always stays", () => {
  const { journal } = journalAt();
  const large = new Uint8Array(9 * 1024 * 1024).fill(97);
  journal.received(large, 1);
  journal.received(large, 2);
  assert.deepEqual(journal.entries.map(({ number }) => number), [2]);
  journal.received(new Uint8Array(17 * 1024 * 1024).fill(97), 3);
  assert.deepEqual(journal.entries.map(({ number }) => number), [3]);
});

test("a view shows what holds the text, in whatever case, before and after it was sought", () => {
  const { journal, view } = journalAt();
  journal.received("<Said/>", 1);
  journal.received("<pong/>", 2);
  view.filter({ ...ALL, text: "sAID" });
  journal.received("<said2/>", 3);
  journal.received("<pong/>", 4);
  assert.deepEqual(texts(view.entries), ["<Said/>", "<said2/>"]);
});

test("a view shows one direction, and then no events", () => {
  const { journal, view } = journalAt();
  journal.note("Connected", "good");
  journal.sent("up", 1);
  journal.received("down", 1);
  const shown = ["both", "received", "sent"].map((direction) => {
    view.filter({ ...ALL, direction });
    return texts(view.entries);
  });
  assert.deepEqual(shown, [["Connected", "up", "down"], ["down"], ["up"]]);
});

test("errors are what was refused, what is not confirmed, and what failed", () => {
  const { journal, view } = journalAt();
  view.filter({ ...ALL, kind: "errors" });
  for (const number of [1, 2, 3]) journal.sent(String(number), number);
  journal.acknowledged(1);
  journal.refused(2, "why");
  journal.note("Closed: kicked", "close");
  journal.note("Failed: unreachable", "bad");
  journal.ended();
  const expected = ["2", "3", "Message 2 was refused: why", "Failed: unreachable"];
  assert.deepEqual(texts(view.entries), expected);
  view.filter({ ...ALL, kind: "closes" });
  assert.deepEqual(texts(view.entries), ["Closed: kicked"]);
});

test("an entry is found where it is, and not where it is not", () => {
  const { journal, view } = journalAt();
  for (const number of [1, 2, 3]) journal.sent(String(number), number);
  const [first, , third] = journal.entries;
  view.filter({ ...ALL, text: "3" });
  assert.deepEqual([view.indexOf(first), view.indexOf(third)], [-1, 0]);
});

test("a journal that was cleared is empty and counts anew", () => {
  const { journal, view } = journalAt();
  for (let number = 1; number <= 10_001; number += 1) journal.received("x", number);
  journal.clear();
  assert.deepEqual([journal.entries.length, journal.dropped, view.entries.length], [0, 0, 0]);
});
