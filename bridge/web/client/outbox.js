/**
 * The numbered messages on their way to the daemon.
 *
 * A message stays here until the bridge has acknowledged it, whatever becomes of the connection it
 * was sent on: `resume` begins a new connection, and `take` then hands the same messages out again
 * under the same numbers, so that the bridge can tell which of them it has already.
 */

import { GapError } from "./errors.js";

/** @typedef {import("./framing.js").Message} Message */

export class Outbox {
  /** The highest number acknowledged. */
  acknowledged = 0;
  /** The highest number ever handed out. */
  sent = 0;
  /** Bytes of all messages that are not acknowledged. */
  bytes = 0;

  /** @type {{ message: Message, size: number }[]} oldest first; the first is `acknowledged + 1` */
  #entries = [];
  // How many of the entries the present connection has taken, and their bytes.
  #taken = 0;
  #inFlight = 0;
  #maxInFlight;

  /** @param {number} maxInFlight  most bytes handed out and not acknowledged */
  constructor(maxInFlight) {
    this.#maxInFlight = maxInFlight;
  }

  /** How many messages are not acknowledged. */
  get length() {
    return this.#entries.length;
  }

  /** Whether messages wait that the present connection has not taken. */
  get hasWaiting() {
    return this.#taken < this.#entries.length;
  }

  /**
   * Puts a message of `size` bytes at the end and returns its number.
   *
   * @param {Message} message
   * @param {number} size
   */
  push(message, size) {
    this.bytes += size;
    return this.acknowledged + this.#entries.push({ message, size });
  }

  /**
   * The messages to be sent now, numbered from `first`; none when all are out or the bound is
   * reached. One message above the bound goes out alone.
   *
   * @returns {{ first: number, messages: Message[] }}
   */
  take() {
    const first = this.acknowledged + this.#taken + 1;
    const messages = [];
    while (this.hasWaiting && this.#fits(this.#entries[this.#taken].size)) {
      const { message, size } = this.#entries[this.#taken];
      messages.push(message);
      this.#inFlight += size;
      this.#taken += 1;
    }
    this.sent = Math.max(this.sent, this.acknowledged + this.#taken);
    return { first, messages };
  }

  /**
   * Forgets what the bridge has accepted of the messages this connection took.
   *
   * An older connection's messages may still arrive and be accepted too. Those are kept until this
   * connection has sent them as well: the bridge counts on within it, so that leaving one out would
   * give the next message a number already used, and it would be skipped.
   *
   * @param {number} number  the highest accepted
   */
  acknowledge(number) {
    this.#check(number);
    this.#drop(Math.min(number, this.acknowledged + this.#taken));
  }

  /**
   * Begins a new connection, which takes all over again that is not acknowledged.
   *
   * @param {number} number  the highest accepted, when the bridge said so as this connection began
   */
  resume(number = this.acknowledged) {
    this.#check(number);
    if (number < this.acknowledged) throw new GapError("the bridge lost messages it had accepted");
    this.#drop(number);
    this.#taken = 0;
    this.#inFlight = 0;
  }

  /** @param {number} size */
  #fits(size) {
    return this.#inFlight === 0 || this.#inFlight + size <= this.#maxInFlight;
  }

  /** @param {number} number */
  #check(number) {
    if (number > this.sent) throw new GapError("the bridge acknowledged what was never sent");
  }

  /** @param {number} number */
  #drop(number) {
    const count = Math.max(0, number - this.acknowledged);
    for (const { size } of this.#entries.splice(0, count)) {
      this.bytes -= size;
      this.#inFlight -= size;
    }
    this.#taken -= count;
    this.acknowledged += count;
  }
}
