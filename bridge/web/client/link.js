/**
 * One session's life, seen from the client: it is opened, carried by one connection after another,
 * over whichever transport gets through, and ended.
 *
 * The words: a *carrier* is one attempt over one transport, from attaching to losing the
 * connection; its *outcome* says how it ended; the *route* decides what is tried next.
 */

import { inquire, LongPollCarrier } from "./long-poll-carrier.js";
import { brokenBy, ended, failed, LEFT } from "./outcome.js";
import { Pause } from "./pause.js";
import { refusal } from "./reply.js";
import { Route } from "./route.js";
import { isOpening, Session } from "./session.js";
import { WebSocketCarrier } from "./websocket-carrier.js";

/** @typedef {import("./endpoint.js").Endpoint} Endpoint */
/** @typedef {import("./framing.js").Codec} Codec */
/** @typedef {import("./framing.js").Message} Message */
/** @typedef {import("./outcome.js").Ended} Ended */
/** @typedef {import("./outcome.js").Outcome} Outcome */
/** @typedef {import("./route.js").Transport} Transport */

/** @typedef {"connecting" | "open" | "resuming" | "closed"} State */

/**
 * @typedef {object} Settings
 * @property {Endpoint} endpoint
 * @property {string} daemon
 * @property {Codec} codec
 * @property {Transport[]} transports  the best one first
 * @property {number} openTimeoutMs  how long a WebSocket may take until its first frame
 * @property {number} stayMs  how long to stay with a transport before the best is tried again
 */

/**
 * Whom a link tells. After `close` only `changed` is of interest: the page knows the end.
 *
 * @typedef {object} LinkEvents
 * @property {() => void} opened
 * @property {(outcome: Ended) => void} ended  the session is over, or could not be opened
 * @property {() => void} changed  `state`, `transport` or `numbers` may have changed
 */

/**
 * What carriers share.
 *
 * @typedef {object} CarrierEvents
 * @property {(opening: import("./session.js").Opening | undefined) => Session} onOpening  a new
 *     session was opened
 * @property {(transport: Transport) => void} onWorking  data has made the round trip
 * @property {() => void} onProgress  messages went out or were acknowledged
 *
 * @typedef {Settings & CarrierEvents} Carried
 */

// A connection that held this long was a good one: what breaks it says nothing about the transport.
const STEADY_MS = 10_000;
// Flash Player's default for a connection to come about.
const CONNECT_LIMIT_MS = 20_000;
// How long a closed link may go on to deliver what was sent before.
const LINGER_MS = 5_000;

const CLOSED = ended("client-closed", "");

export class Link {
  /** @type {State} */
  state = "connecting";
  /** @type {Transport | null} the one in use */
  transport = null;

  #settings;
  #events;
  #route;
  /** @type {Carried} */
  #carried;
  /** @type {Session | null} */
  #session = null;
  /** @type {WebSocketCarrier | LongPollCarrier | null} */
  #carrier = null;
  #isFlushDue = false;
  #pause = new Pause();
  // When the present carrier began to work, and when the bridge was last known to be there.
  #workingSince = Infinity;
  #contactAt = performance.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stayTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #lingerTimer;
  #isLingerOver = false;

  /**
   * @param {Settings} settings
   * @param {LinkEvents & import("./session.js").Listener} events
   */
  constructor(settings, events) {
    this.#settings = settings;
    this.#events = events;
    this.#route = new Route(settings.transports, settings.stayMs);
    this.#carried = {
      ...settings,
      onOpening: (opening) => this.#adopt(opening),
      onWorking: (transport) => this.#works(transport),
      onProgress: () => events.changed(),
    };
  }

  get numbers() {
    const outbox = this.#session?.outbox;
    return {
      down: { received: this.#session?.received ?? 0 },
      up: { sent: outbox?.sent ?? 0, acknowledged: outbox?.acknowledged ?? 0 },
    };
  }

  /** Bytes of the messages that the bridge has not acknowledged. */
  get bufferedAmount() {
    return this.#session?.outbox.bytes ?? 0;
  }

  /** The bridge's name for the session, as in its log; `null` before there is one. */
  get id() {
    return this.#session?.opening.id ?? null;
  }

  /** Opens the session and keeps it until it ends. Resolves after the last request about it. */
  async run() {
    const watching = new AbortController();
    this.#watchPage(watching.signal);
    const outcome = await this.#live();
    watching.abort();
    clearTimeout(this.#lingerTimer);
    if (this.state === "closed") return;
    this.#become("closed", null);
    this.#events.ended(outcome);
  }

  /**
   * Queues a message and returns its number. Only while `open` or `resuming`.
   *
   * @param {Message} message
   */
  send(message) {
    const session = /** @type {Session} */ (this.#session);
    const size = this.#settings.codec.sizeOf(message);
    const limit = session.opening.max_message_bytes;
    if (size - 1 > limit) throw new RangeError(`a message may have ${limit} bytes at most`);
    this.#flushSoon();
    return session.outbox.push(message, size);
  }

  /** Ends the session, after what was sent before has been delivered if that does not take long. */
  close() {
    if (this.state === "closed") return;
    this.#become("closed", null);
    this.#lingerTimer = setTimeout(() => this.#stopLingering(), LINGER_MS);
    this.#carrier?.end();
    this.#pause.wake();
  }

  /** @param {AbortSignal} signal  when to stop */
  #watchPage(signal) {
    if (typeof window === "undefined") return;
    window.addEventListener("online", () => this.#pause.wake(), { signal });
    const onPageHide = (/** @type {PageTransitionEvent} */ { persisted }) => {
      // A page that the browser keeps comes back, and its session is resumed then.
      if (!persisted) this.#cut();
    };
    window.addEventListener("pagehide", onPageHide, { signal });
  }

  /** @returns {Promise<Ended>} */
  async #live() {
    for (let pauseMs = 0; ; ) {
      if (pauseMs > 0 && !this.#isDone) await this.#pause.wait(pauseMs);
      if (this.#isDone) return this.#hangUp();
      const outcome = await this.#attempt(this.#route.transport);
      if (outcome.kind === "ended") return this.#conclude(outcome);
      if (this.#isHopeless(outcome)) return failed("abandoned", "the bridge was out of reach");
      if (this.state === "open") this.#become("resuming", null);
      const steady = performance.now() - this.#workingSince >= STEADY_MS;
      pauseMs = this.#route.after(outcome, steady);
    }
  }

  /**
   * @param {Transport} transport
   * @returns {Promise<Outcome>}
   */
  async #attempt(transport) {
    if (!this.#session && transport === "long-poll") {
      const refused = await this.#openByRequest();
      if (refused || this.#isDone) return refused ?? LEFT;
    }
    const outcome = await this.#carry(transport);
    const mayAsk = !this.#settings.transports.includes("long-poll");
    if (mayAsk && outcome.kind === "lost" && !outcome.worked) return this.#askWhy(outcome);
    return outcome;
  }

  /**
   * @param {Transport} transport
   * @returns {Promise<Outcome>}
   */
  async #carry(transport) {
    this.#workingSince = Infinity;
    this.#carrier =
      this.#session && transport === "long-poll"
        ? new LongPollCarrier(this.#carried, this.#session)
        : new WebSocketCarrier(this.#carried, this.#session);
    const outcome = await this.#carrier.run();
    clearTimeout(this.#stayTimer);
    this.#carrier = null;
    return outcome;
  }

  /**
   * Opens the session by a request, and as long as the bridge is only busy, by another.
   *
   * @returns {Promise<Ended | null>} `null` when it is open
   */
  async #openByRequest() {
    const { endpoint, daemon } = this.#settings;
    const giveUpAt = performance.now() + CONNECT_LIMIT_MS;
    while (this.state !== "closed") {
      const reply = await endpoint.open(daemon);
      if (reply.status === 201 && isOpening(reply.document)) {
        this.#adopt(reply.document);
        return null;
      }
      const pauseMs = reply.retryAfterS * 1000;
      if (pauseMs === 0 || performance.now() + pauseMs > giveUpAt) return refusal(reply);
      await this.#pause.wait(pauseMs);
    }
    return CLOSED;
  }

  /**
   * Browsers keep the answer to a refused WebSocket handshake to themselves. Where no other
   * transport may find out, a request asks.
   *
   * @param {Outcome} outcome  of the handshake
   */
  async #askWhy(outcome) {
    if (this.#session) {
      return (await inquire(this.#carried, this.#session).catch(brokenBy)) ?? outcome;
    }
    const why = failed("websocket-failed", "the bridge can be reached, but not by WebSocket");
    return (await this.#openByRequest()) ?? why;
  }

  /** @param {import("./session.js").Opening | undefined} opening */
  #adopt(opening) {
    this.#session = new Session(opening, this.#events);
    this.#route.hurry(this.#session.opening.resume_s * 1000);
    return this.#session;
  }

  /** @param {Transport} transport */
  #works(transport) {
    if (this.state === "closed") return this.#carrier?.end();
    if (this.state === "open") return this.#events.changed();
    const isFirst = this.state === "connecting";
    this.#workingSince = performance.now();
    this.#become("open", transport);
    const { stayMs } = this.#route;
    if (stayMs < Infinity) this.#stayTimer = setTimeout(() => this.#carrier?.leave(), stayMs);
    if (isFirst) this.#events.opened();
  }

  // Messages sent within one task go out together.
  #flushSoon() {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      this.#isFlushDue = false;
      this.#carrier?.flush();
      this.#events.changed();
    });
  }

  /** Whether nothing is left to be done for the page. */
  get #isDone() {
    if (this.state !== "closed") return false;
    return this.#isLingerOver || this.bufferedAmount === 0;
  }

  // Ends the session within this call, as far as that is possible: the page goes away.
  #cut() {
    this.close();
    if (!this.#stopLingering() && this.#session) this.#settings.endpoint.end(this.#session);
  }

  /** Returns whether the session has been ended by it. */
  #stopLingering() {
    this.#isLingerOver = true;
    this.#pause.wake();
    return this.#carrier?.cut() ?? false;
  }

  /** @returns {Promise<Ended>} */
  async #hangUp() {
    if (this.#session) await this.#settings.endpoint.end(this.#session);
    return CLOSED;
  }

  /** @param {Ended} outcome */
  #conclude(outcome) {
    // The bridge may see nothing wrong and would hold the daemon's connection.
    if (outcome.failed && this.#session) this.#settings.endpoint.end(this.#session);
    return outcome;
  }

  /**
   * Whether the bridge has certainly given the session up by now.
   *
   * @param {Outcome} outcome  the latest
   */
  #isHopeless(outcome) {
    if (outcome.kind !== "lost" || outcome.worked) this.#contactAt = performance.now();
    if (!this.#session) return false;
    const { resume_s, heartbeat_s } = this.#session.opening;
    return performance.now() - this.#contactAt > (resume_s + 2 * heartbeat_s) * 1000;
  }

  /**
   * @param {State} state
   * @param {Transport | null} transport
   */
  #become(state, transport) {
    this.state = state;
    this.transport = transport;
    this.#events.changed();
  }
}
