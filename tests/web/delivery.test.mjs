/**
 * What the client promises, tried at random: over connections that break anywhere, with frames that
 * arrive late from connections long given up, each message arrives once and in order.
 *
 * The other side is the contract's rules for `xmlsocket.v1` in their shortest form.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../bridge/web/client/outbox.js";
import { Session } from "../../bridge/web/client/session.js";

const MESSAGES = 60;
const MAX_UNACKED = 40;

/** The bridge: accepts what is next, skips what it has, counts on within each connection. */
class Bridge {
  accepted = [];

  attach() {
    return { next: this.accepted.length + 1, ack: this.accepted.length };
  }

  take(connection, messages) {
    for (const message of messages) {
      if (connection.next === this.accepted.length + 1) this.accepted.push(message);
      assert.ok(connection.next <= this.accepted.length, "a message was left out");
      connection.next += 1;
    }
  }
}

/** Small, fast and reproducible: a failure names the seed. */
function randomOf(seed) {
  let state = seed * 2654435761;
  return (bound) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state % bound;
  };
}

/** Sends everything over connections that break as chance wills; returns what the bridge has. */
function deliver(random) {
  const bridge = new Bridge();
  const outbox = new Outbox(MAX_UNACKED);
  /** Frames that are still on their way, by the connection they were sent on. */
  const late = [];
  let connection = bridge.attach();
  let pushed = 0;
  for (let steps = 0; bridge.accepted.length < MESSAGES; steps += 1) {
    assert.ok(steps < 100_000, "it does not come to an end");
    switch (random(6)) {
      case 0:
        if (pushed < MESSAGES) outbox.push((pushed += 1), 1 + random(12));
        break;
      case 1:
        late.push([connection, outbox.take().messages]);
        break;
      case 2:
      case 3: // frames of one connection keep their order, those of several do not
        arrive(bridge, late, random);
        break;
      case 4:
        outbox.acknowledge(bridge.accepted.length);
        break;
      default:
        if (random(8) > 0) break;
        connection = bridge.attach();
        outbox.resume(connection.ack);
    }
  }
  return bridge.accepted;
}

function arrive(bridge, late, random) {
  if (late.length === 0) return;
  const [connection] = late[random(late.length)];
  const index = late.findIndex(([sentOn]) => sentOn === connection);
  const [[, messages]] = late.splice(index, 1);
  bridge.take(connection, messages);
}

test("up messages arrive once and in order, whatever breaks", () => {
  const expected = Array.from({ length: MESSAGES }, (_, index) => index + 1);
  for (let seed = 1; seed <= 500; seed += 1) {
    assert.deepEqual(deliver(randomOf(seed)), expected, `seed ${seed}`);
  }
});

test("down messages are handed on once and in order, whatever is repeated", () => {
  const expected = Array.from({ length: MESSAGES }, (_, index) => index + 1);
  for (let seed = 1; seed <= 500; seed += 1) {
    const random = randomOf(seed);
    const received = [];
    const opening = { id: "a-1", key: "k", max_unacked_bytes: MAX_UNACKED };
    const session = new Session(opening, { received: (message) => received.push(message) });
    while (session.received < MESSAGES) {
      // A connection begins anywhere in what was received, or right behind it.
      const first = 1 + random(session.received + 1);
      session.receive(first, expected.slice(first - 1, first - 1 + random(15)));
    }
    assert.deepEqual(received, expected, `seed ${seed}`);
  }
});
