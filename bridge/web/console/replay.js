/** Sends a scenario's messages again, at the pace they had or as fast as they go out. */

import { reason } from "./reason.js";

/** @typedef {import("./scenario.js").Scenario} Scenario */

/**
 * @typedef {object} Listener
 * @property {(message: import("../client/framing.js").Message) => void} send  throws when it cannot
 * @property {(sent: number) => void} progressed
 * @property {(failure: string | null) => void} ended  `null` when all were sent; not after `stop`
 */

// So many at once leave the page time to breathe.
const BATCH = 100;

export class Replay {
  #messages;
  #isPaced;
  #listener;
  #sent = 0;
  #beganMs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Scenario} scenario
   * @param {boolean} isPaced  whether each waits for its time
   * @param {Listener} listener
   */
  constructor({ messages }, isPaced, listener) {
    this.#messages = messages;
    this.#isPaced = isPaced;
    this.#listener = listener;
  }

  start() {
    this.#beganMs = performance.now();
    this.#step();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  // A page in the background gets its timers late: what is due by then goes out together.
  #step() {
    const failure = this.#sendDue();
    this.#listener.progressed(this.#sent);
    const left = this.#messages.length - this.#sent;
    if (failure !== null || left === 0) return this.#listener.ended(failure);
    this.#timer = setTimeout(() => this.#step(), Math.max(0, this.#waitMs()));
  }

  /** @returns {string | null} why one could not be sent */
  #sendDue() {
    try {
      for (let count = 0; count < BATCH && this.#isDue(); count += 1) {
        this.#listener.send(this.#messages[this.#sent].message);
        this.#sent += 1;
      }
      return null;
    } catch (error) {
      return reason(error);
    }
  }

  #isDue() {
    return this.#sent < this.#messages.length && this.#waitMs() <= 0;
  }

  /** How long the next message has to wait yet. */
  #waitMs() {
    if (!this.#isPaced) return 0;
    return this.#beganMs + this.#messages[this.#sent].atMs - performance.now();
  }
}
