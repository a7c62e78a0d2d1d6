/**
 * What the client holds of a session: the numbers and messages that outlive any connection.
 *
 * Connections feed it with what they received and take from its outbox what is to be sent. That
 * nothing is lost or doubled is decided here and in the outbox, and nowhere else.
 */

import { GapError, GarbledError } from "./errors.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("./framing.js").Message} Message */

/**
 * The bridge's answer to opening a session.
 *
 * @typedef {object} Opening
 * @property {string} id
 * @property {string} key
 * @property {number} wait_s
 * @property {number} resume_s
 * @property {number} heartbeat_s
 * @property {number} max_message_bytes
 * @property {number} max_unacked_bytes
 */

/**
 * One message that the bridge refused to pass on.
 *
 * @typedef {object} Refusal
 * @property {number} message  its number
 * @property {string} code
 * @property {string} detail
 */

/**
 * @typedef {object} Listener
 * @property {(message: Message, number: number) => void} received
 * @property {(refusal: Refusal) => void} refused
 */

export class Session {
  /** The highest number received. */
  received = 0;

  // The highest number whose refusal was told.
  #refused = 0;
  #listener;

  /**
   * @param {Opening | undefined} opening
   * @param {Listener} listener
   */
  constructor(opening, listener) {
    if (!isOpening(opening)) throw new GarbledError();
    this.opening = opening;
    this.outbox = new Outbox(opening.max_unacked_bytes);
    this.#listener = listener;
  }

  /**
   * Hands on what is new of the messages numbered from `first`.
   *
   * @param {number} first
   * @param {Message[]} messages
   */
  receive(first, messages) {
    if (first > this.received + 1) throw new GapError("messages from the daemon are missing");
    for (const message of messages.slice(this.received + 1 - first)) {
      this.received += 1;
      this.#listener.received(message, this.received);
    }
  }

  /**
   * Tells of a refusal, once: the bridge says the latest one again to whoever resumes or retries.
   *
   * @param {Refusal} refusal
   */
  refuse(refusal) {
    if (refusal.message <= this.#refused) return;
    this.#refused = refusal.message;
    this.#listener.refused(refusal);
  }
}

/** What there is to tell before a session is open. */
export const NO_SESSION = { received: 0, outbox: new Outbox(0), opening: { id: null } };

/**
 * @param {any} answer
 * @returns {answer is Opening}
 */
export function isOpening(answer) {
  return typeof answer?.id === "string" && typeof answer.key === "string";
}
