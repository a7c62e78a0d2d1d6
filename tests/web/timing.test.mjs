import assert from "node:assert/strict";
import { test } from "node:test";

import { AckPacer } from "../../bridge/web/client/ack-pacer.js";
import { Pause } from "../../bridge/web/client/pause.js";
import { Watchdog } from "../../bridge/web/client/watchdog.js";
import { useClock } from "./clock.mjs";

test("the first data after a pause is acknowledged at once", (t) => {
  useClock(t);
  const send = t.mock.fn();
  new AckPacer(send).owe(10);
  assert.equal(send.mock.callCount(), 1);
});

test("what follows is acknowledged together, well within a second", (t) => {
  const pass = useClock(t);
  const send = t.mock.fn();
  const pacer = new AckPacer(send);
  for (let times = 0; times < 5; times += 1) pacer.owe(10);
  assert.equal(send.mock.callCount(), 1);
  pass(500);
  assert.equal(send.mock.callCount(), 2);
});

test("much data is acknowledged before its time", (t) => {
  useClock(t);
  const send = t.mock.fn();
  const pacer = new AckPacer(send);
  pacer.owe(1);
  // UTF-16 units of three bytes each: 64 KiB is the most that may be left unacknowledged.
  pacer.owe((64 * 1024) / 3);
  assert.equal(send.mock.callCount(), 2);
});

test("nothing is acknowledged twice", (t) => {
  const pass = useClock(t);
  const send = t.mock.fn();
  const pacer = new AckPacer(send);
  pacer.owe(1);
  pacer.settle();
  pass(5_000);
  assert.equal(send.mock.callCount(), 1);
});

test("the watchdog barks after silence, once, and not before", (t) => {
  const pass = useClock(t);
  const bark = t.mock.fn();
  const watchdog = new Watchdog(100, bark);
  pass(60);
  watchdog.hear();
  pass(60);
  assert.equal(bark.mock.callCount(), 0);
  pass(40);
  assert.equal(bark.mock.callCount(), 1);
  pass(1_000);
  assert.equal(bark.mock.callCount(), 1);
});

test("the watchdog notices soon that the computer has slept", (t) => {
  const pass = useClock(t);
  const bark = t.mock.fn();
  new Watchdog(100, bark);
  pass.sleep(100);
  pass(24);
  assert.equal(bark.mock.callCount(), 0);
  pass(1);
  assert.equal(bark.mock.callCount(), 1);
});

test("the watchdog notices at once when it is told to look", (t) => {
  const pass = useClock(t);
  const bark = t.mock.fn();
  const watchdog = new Watchdog(100, bark);
  pass.sleep(99);
  watchdog.look();
  assert.equal(bark.mock.callCount(), 0);
  pass.sleep(1);
  watchdog.look();
  assert.equal(bark.mock.callCount(), 1);
});

test("a clock that is set back delays nothing", (t) => {
  const pass = useClock(t);
  const bark = t.mock.fn();
  new Watchdog(100, bark);
  pass.sleep(-3_600_000);
  pass(100);
  assert.equal(bark.mock.callCount(), 1);
});

test("a watchdog that was stopped does not bark", (t) => {
  const pass = useClock(t);
  const bark = t.mock.fn();
  new Watchdog(100, bark).stop();
  pass(1_000);
  assert.equal(bark.mock.callCount(), 0);
});

test("a pause ends by being woken, or at its limit", async (t) => {
  const pass = useClock(t);
  const pause = new Pause();
  pause.wake();
  const woken = pause.wait();
  pause.wake();
  await woken;
  const limited = pause.wait(50);
  pass(50);
  await limited;
});
