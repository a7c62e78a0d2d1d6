/**
 * Carries a session over one transport after the other, and changes over to the best one without
 * a gap: polls go on receiving until a WebSocket beside them works.
 *
 * The words: a *carrier* is one attempt over one transport, from attaching to losing the
 * connection; its *outcome* says how it ended; the *route* decides what is tried next.
 */

import { LongPollCarrier } from "./long-poll-carrier.js";
import { STEADY_MS } from "./times.js";
import { WebSocketCarrier } from "./websocket-carrier.js";

/** @typedef {import("./carried.js").Carried} Carried */
/** @typedef {import("./outcome.js").Outcome} Outcome */
/** @typedef {import("./route.js").Route} Route */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./xmlsocket.js").Transport} Transport */

export class Relay {
  #carried;
  #route;
  /** @type {WebSocketCarrier | LongPollCarrier | null} */
  #carrier = null;
  /** @type {{ carrier: WebSocketCarrier, outcome: Promise<Outcome> } | null} */
  #trial = null;
  #workingSince = Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stayTimer;

  /**
   * @param {Carried} carried
   * @param {Route} route
   */
  constructor(carried, route) {
    this.#carried = carried;
    this.#route = route;
  }

  /**
   * Carries by the route's transport until the connection is over, or that which took over from
   * it. Without a session a WebSocket opens one.
   *
   * @param {Session | null} session
   * @returns {Promise<{ outcome: Outcome, steady: boolean }>}
   */
  async carry(session) {
    this.#workingSince = Infinity;
    const carrier =
      session && this.#route.transport === "long-poll"
        ? new LongPollCarrier(this.#carried, session)
        : new WebSocketCarrier(this.#carried, session);
    this.#carrier = carrier;
    this.#stay(carrier, session);
    const outcome = await this.#settled(await carrier.run());
    const steady = this.#carrier.isProven && performance.now() - this.#workingSince >= STEADY_MS;
    clearTimeout(this.#stayTimer);
    this.#carrier = this.#trial = null;
    return { outcome, steady };
  }

  /** To be called when the carrier begins to work. */
  works() {
    if (this.#workingSince === Infinity) this.#workingSince = performance.now();
  }

  flush() {
    this.#carrier?.flush();
  }

  look() {
    this.#carrier?.look();
  }

  /** Gives the connection up; the session stays. */
  leave() {
    this.#dropTrial();
    this.#carrier?.leave();
  }

  /** Gives the connection up once all that waits is sent, and ends the session if it can. */
  end() {
    this.#dropTrial();
    this.#carrier?.end();
  }

  /** Gives the connection up at once; returns whether that has ended the session. */
  cut() {
    this.#dropTrial();
    return this.#carrier?.cut() ?? false;
  }

  /**
   * The outcome, given that of the carrier at the beginning: a trial may have displaced it.
   *
   * @param {Outcome} outcome
   */
  async #settled(outcome) {
    const trial = this.#trial;
    if (!trial || outcome.kind === "ended") {
      this.#dropTrial();
      return outcome;
    }
    const tried = await trial.outcome;
    return trial.carrier.hasWorked ? tried : outcome;
  }

  /**
   * @param {WebSocketCarrier | LongPollCarrier} carrier
   * @param {Session | null} session
   */
  #stay(carrier, session) {
    const { stayMs } = this.#route;
    if (!session || stayMs === Infinity) return;
    this.#stayTimer = setTimeout(() => {
      if (carrier instanceof LongPollCarrier) void this.#tryBeside(carrier, session);
      else this.#returnToBest(carrier);
    }, stayMs);
  }

  /** @param {WebSocketCarrier} carrier */
  #returnToBest(carrier) {
    this.#route.tried(true);
    carrier.leave();
  }

  /**
   * @param {LongPollCarrier} carrier
   * @param {Session} session
   */
  async #tryBeside(carrier, session) {
    // Two may receive, but what is sent over both would be counted twice.
    await carrier.rest();
    if (this.#carrier !== carrier) return;
    const trial = new WebSocketCarrier(
      { ...this.#carried, onWorking: (transport) => this.#changeOver(trial, transport) },
      session,
      true,
    );
    this.#trial = { carrier: trial, outcome: trial.run() };
    await this.#trial.outcome;
    if (trial.hasWorked) return;
    this.#route.tried(false);
    this.#trial = null;
    carrier.goOn();
    this.#stay(carrier, session);
  }

  /**
   * @param {WebSocketCarrier} trial
   * @param {Transport} transport
   */
  #changeOver(trial, transport) {
    this.#route.tried(true);
    this.#carrier?.cut();
    this.#carrier = trial;
    this.#workingSince = performance.now();
    this.#carried.onWorking(transport);
  }

  #dropTrial() {
    if (this.#trial && this.#carrier !== this.#trial.carrier) this.#trial.carrier.leave();
  }
}
