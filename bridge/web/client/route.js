/**
 * Which transport to try next, and when. Pure: outcomes in, decisions out.
 *
 * The rules: a transport that worked is tried again; one that did not get through makes room for
 * the next in the list, at once. When all have failed it goes on from the start, after a pause that
 * doubles each time. Beside a transport that is not the best one, the best is tried now and then.
 */

/** @typedef {import("./xmlsocket.js").Transport} Transport */
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

/**
 * How long to wait after so many failures in a row. Half of it by chance: the clients of a bridge
 * that was restarted must not come all at once.
 *
 * @param {number} failures
 * @param {number} longestMs
 * @param {() => number} random
 */
export function pauseMs(failures, longestMs = LONGEST_PAUSE_MS, random = Math.random) {
  const wholeMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), longestMs);
  return wholeMs * (0.5 + random() / 2);
}

export class Route {
  #transports;
  #stayMs;
  #random;
  #longestPauseMs = LONGEST_PAUSE_MS;
  #index;
  #breaks = 0;
  #trials = 0;

  /**
   * @param {Transport[]} transports  the best one first
   * @param {number} stayMs  how long to stay with another before the best one is tried again; it
   *     doubles with each trial
   * @param {object} [from]
   * @param {string | null} [from.remembered]  the transport to begin with, if it is one of them
   * @param {() => number} [from.random]
   */
  constructor(transports, stayMs, { remembered = null, random = Math.random } = {}) {
    this.#transports = transports;
    this.#stayMs = stayMs;
    this.#random = random;
    this.#index = Math.max(0, transports.indexOf(/** @type {any} */ (remembered)));
  }

  /** @param {number} resumeMs  for how long the bridge keeps a session without a connection */
  hurry(resumeMs) {
    this.#longestPauseMs = Math.min(LONGEST_PAUSE_MS, resumeMs / PAUSES_TO_RESUME);
  }

  get transport() {
    return this.#transports[this.#index];
  }

  /** How long to stay with `transport` until the best one is tried: for ever, when it is that. */
  get stayMs() {
    if (this.#index === 0) return Infinity;
    return Math.min(this.#stayMs * 2 ** this.#trials, LONGEST_STAY_MS);
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
    if (outcome.kind === "left") return 0;
    if (!outcome.worked || this.#breaks >= PATIENCE) {
      this.#index = (this.#index + 1) % this.#transports.length;
      if (this.#index > 0) return outcome.retryAfterS * 1000;
    }
    this.#breaks += 1;
    // A bridge that is there need not be spared: on a bad network pauses only add to the wait.
    if (outcome.worked) this.#breaks = Math.min(this.#breaks, PATIENCE);
    const ownMs = pauseMs(this.#breaks, this.#longestPauseMs, this.#random);
    return Math.max(ownMs, outcome.retryAfterS * 1000);
  }

  /**
   * Takes how a trial of the best transport came out.
   *
   * @param {boolean} worked
   */
  tried(worked) {
    this.#trials += 1;
    if (worked) this.#index = 0;
  }

  /** Begins anew, on a network of which nothing is known. */
  renew() {
    this.#index = this.#breaks = this.#trials = 0;
  }

  #forgive() {
    this.#breaks = 0;
    if (this.#index === 0) this.#trials = 0;
  }
}
