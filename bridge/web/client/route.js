/**
 * Which transport to try next, and when. Pure: outcomes in, decisions out.
 *
 * The rules: a transport that worked is tried again; one that did not get through makes room for
 * the next in the list, at once. When all have failed it goes on from the start, after a pause that
 * doubles each time. From a transport that is not the best one we return now and then.
 */

/** @typedef {"websocket" | "long-poll"} Transport */
/** @typedef {import("./outcome.js").Lost | import("./outcome.js").Left} Broken */

// Short enough not to be felt.
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
// So many of the longest pauses fit into the time for which the bridge keeps the session.
const PAUSES_TO_RESUME = 6;
// So many breaks in a row soon after connecting, and the transport is taken to be a bad one.
const PATIENCE = 3;
// A trial of the better transport can hold up messages for as long as its opening may take.
const LONGEST_STAY_MS = 600_000;

export class Route {
  #transports;
  #stayMs;
  #random;
  #longestPauseMs = LONGEST_PAUSE_MS;
  #index = 0;
  #breaks = 0;
  #returns = 0;

  /**
   * @param {Transport[]} transports  the best one first
   * @param {number} stayMs  how long to stay with another before the best one is tried again; it
   *     doubles with each trial
   * @param {() => number} random
   */
  constructor(transports, stayMs, random = Math.random) {
    this.#transports = transports;
    this.#stayMs = stayMs;
    this.#random = random;
  }

  /** @param {number} resumeMs  for how long the bridge keeps a session without a connection */
  hurry(resumeMs) {
    this.#longestPauseMs = Math.min(LONGEST_PAUSE_MS, resumeMs / PAUSES_TO_RESUME);
  }

  get transport() {
    return this.#transports[this.#index];
  }

  /** How long to stay with `transport`: for ever, when it is the best one. */
  get stayMs() {
    if (this.#index === 0) return Infinity;
    return Math.min(this.#stayMs * 2 ** this.#returns, LONGEST_STAY_MS);
  }

  /**
   * Takes how `transport` came out and moves on.
   *
   * @param {Broken} outcome
   * @param {boolean} steady  whether it had worked for a good while
   * @returns {number} milliseconds to wait before `transport` is tried
   */
  after(outcome, steady) {
    if (steady) this.#forgive();
    if (outcome.kind === "left") return this.#returnToBest();
    if (!outcome.worked || this.#breaks >= PATIENCE) {
      this.#index = (this.#index + 1) % this.#transports.length;
      if (this.#index > 0) return outcome.retryAfterS * 1000;
    }
    this.#breaks += 1;
    return Math.max(this.#pauseMs(), outcome.retryAfterS * 1000);
  }

  #forgive() {
    this.#breaks = 0;
    if (this.#index === 0) this.#returns = 0;
  }

  #returnToBest() {
    this.#index = 0;
    this.#returns += 1;
    return 0;
  }

  // Half of it by chance: the clients of a bridge that was restarted must not come all at once.
  #pauseMs() {
    const longestMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.#breaks - 1), this.#longestPauseMs);
    return longestMs * (0.5 + this.#random() / 2);
  }
}
