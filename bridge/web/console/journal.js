/**
 * What was said, the latest part of it: entries in order, and what became of each. Pure.
 *
 * A busy daemon says more than any page can keep, so the oldest entries are dropped, and counted.
 */

import { event, messageEntry } from "./entry.js";

/** @typedef {import("../client/framing.js").Message} Message */
/** @typedef {import("./entry.js").Entry} Entry */

/**
 * @typedef {object} Reader  is told of each change
 * @property {(entry: Entry) => void} added
 * @property {(entry: Entry) => void} changed
 * @property {(entry: Entry) => void} removed  always the oldest
 * @property {() => void} cleared
 */

// Some minutes of a busy game; a search through so many is not felt.
const MOST_ENTRIES = 10_000;
// Beside them, what a phone can spare.
const MOST_BYTES = 16 * 1024 * 1024;

export class Journal {
  /** @type {Entry[]} oldest first */
  entries = [];
  /** How many were dropped since the journal was empty. */
  dropped = 0;

  #clock;
  #bytes = 0;
  #places = 0;
  /** @type {Reader[]} */
  #readers = [];
  // Messages sent that are not acknowledged yet, by their numbers, in order.
  /** @type {Map<number, Entry>} */
  #pending = new Map();
  // Messages sent since the latest one came.
  /** @type {Entry[]} */
  #unanswered = [];

  /** @param {() => number} [clock]  milliseconds since 1970, with fractions; never goes back */
  constructor(clock = () => performance.timeOrigin + performance.now()) {
    this.#clock = clock;
  }

  /** @param {Reader} reader */
  tell(reader) {
    this.#readers.push(reader);
  }

  /**
   * @param {Message} message
   * @param {number} number
   */
  received(message, number) {
    const { atMs } = this.#add(messageEntry("received", message, number, this.#clock()));
    for (const entry of this.#unanswered.splice(0)) {
      entry.answeredMs = atMs - entry.atMs;
      this.#tellAll("changed", entry);
    }
  }

  /**
   * @param {Message} message
   * @param {number} number
   */
  sent(message, number) {
    const entry = this.#add(messageEntry("sent", message, number, this.#clock()));
    this.#pending.set(number, entry);
    this.#unanswered.push(entry);
  }

  /** @param {number} number  up to which the bridge has accepted what was sent */
  acknowledged(number) {
    for (const [sent, entry] of this.#pending) {
      if (sent > number) break;
      this.#pending.delete(sent);
      if (entry.mark !== "pending") continue;
      entry.acceptedMs = this.#clock() - entry.atMs;
      this.#mark(entry, "accepted");
    }
  }

  /**
   * @param {number} number
   * @param {string} reason
   */
  refused(number, reason) {
    const entry = this.#pending.get(number);
    if (entry) {
      entry.reason = reason;
      this.#mark(entry, "refused");
    }
    this.note(`Message ${number} was refused: ${reason}`, "bad");
  }

  /** No acknowledgement and no answer will come any more. */
  ended() {
    for (const entry of this.#pending.values()) this.#mark(entry, "lost");
    this.#pending.clear();
    this.#unanswered.length = 0;
  }

  /**
   * @param {string} text
   * @param {import("./entry.js").Mood} [mood]
   */
  note(text, mood = "plain") {
    this.#add(event(text, mood, this.#clock()));
  }

  clear() {
    this.entries.length = 0;
    [this.dropped, this.#bytes] = [0, 0];
    for (const reader of this.#readers) reader.cleared();
  }

  /** @param {Omit<Entry, "place">} made */
  #add(made) {
    const entry = { ...made, place: (this.#places += 1) };
    this.entries.push(entry);
    this.#bytes += entry.bytes;
    this.#tellAll("added", entry);
    this.#bound();
    return entry;
  }

  #bound() {
    while (
      this.entries.length > MOST_ENTRIES ||
      (this.#bytes > MOST_BYTES && this.entries.length > 1)
    ) {
      const oldest = /** @type {Entry} */ (this.entries.shift());
      this.#bytes -= oldest.bytes;
      this.dropped += 1;
      this.#tellAll("removed", oldest);
    }
  }

  /**
   * @param {Entry} entry
   * @param {import("./entry.js").Mark} mark
   */
  #mark(entry, mark) {
    entry.mark = mark;
    this.#tellAll("changed", entry);
  }

  /**
   * @param {"added" | "changed" | "removed"} what
   * @param {Entry} entry
   */
  #tellAll(what, entry) {
    for (const reader of this.#readers) reader[what](entry);
  }
}
