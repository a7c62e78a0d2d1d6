/**
 * How long messages took, of those sent lately. Pure.
 *
 * Two times are known for each. `answeredMs`, until the next message came, is a round trip to the
 * daemon where it answers at once; where others talk meanwhile, it is less. `acceptedMs`, until the
 * page knew that the bridge has it, holds for every daemon, but the bridge may gather its
 * acknowledgements for up to a second, so it is an upper bound.
 */

/** @typedef {import("./entry.js").Entry} Entry */
/** @typedef {import("./journal.js").Reader} Reader */
/** @typedef {"answeredMs" | "acceptedMs"} Time */

/**
 * @typedef {object} Figures
 * @property {number} leastMs
 * @property {number} medianMs
 * @property {number} highMs  nineteen of twenty took no longer
 * @property {number} mostMs
 */

// As many as a wide screen's plot has room for.
const MOST_KEPT = 200;

/** @implements {Reader} */
export class Latency {
  /** @type {Entry[]} the messages sent latest, in order */
  sent = [];

  /** @param {Entry} entry */
  added(entry) {
    if (entry.kind !== "sent") return;
    this.sent.push(entry);
    if (this.sent.length > MOST_KEPT) this.sent.shift();
  }

  changed() {}

  removed() {}

  cleared() {
    this.sent.length = 0;
  }

  /** @param {Time} time  @returns {Figures | null} `null` when none is known yet */
  figures(time) {
    const known = this.sent.flatMap(({ [time]: ms }) => (ms === null ? [] : [ms]));
    if (known.length === 0) return null;
    known.sort((one, other) => one - other);
    const at = (/** @type {number} */ part) => known[Math.ceil(known.length * part) - 1];
    return { leastMs: known[0], medianMs: at(0.5), highMs: at(0.95), mostMs: at(1) };
  }
}

/** A logarithmic axis: it ends at powers of ten, since times differ by that much. */
export class Axis {
  #low;
  #high;

  /**
   * @param {number} leastMs
   * @param {number} mostMs
   */
  constructor(leastMs, mostMs) {
    this.#low = Math.floor(powerOf(leastMs));
    this.#high = Math.max(Math.ceil(powerOf(mostMs)), this.#low + 1);
  }

  get ticksMs() {
    const length = this.#high - this.#low + 1;
    return Array.from({ length }, (_, index) => 10 ** (this.#low + index));
  }

  /** From 0, the low end, to 1. @param {number} ms */
  place(ms) {
    return Math.max(0, (powerOf(ms) - this.#low) / (this.#high - this.#low));
  }
}

// Browsers round their clocks to that, so that less is not known.
const LEAST_MS = 0.1;

/** @param {number} ms */
const powerOf = (ms) => Math.log10(Math.max(ms, LEAST_MS));
