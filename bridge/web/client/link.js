/**
 * One session's life, seen from the client: it is opened, carried by one connection after another,
 * over whichever transport gets through, and ended.
 */

import { inquire } from "./long-poll-carrier.js";
import { Opener } from "./opener.js";
import { brokenBy, CLOSED, failed, LEFT } from "./outcome.js";
import { Pause } from "./pause.js";
import { Relay } from "./relay.js";
import { Route } from "./route.js";
import { Session } from "./session.js";
import { watchSurroundings } from "./surroundings.js";
import { LINGER_MS } from "./times.js";

/** @typedef {import("./carried.js").Carried} Carried */
/** @typedef {import("./carried.js").Settings} Settings */
/** @typedef {import("./framing.js").Message} Message */
/** @typedef {import("./outcome.js").Ended} Ended */
/** @typedef {import("./outcome.js").Outcome} Outcome */
/** @typedef {import("./session.js").Opening} Opening */
/** @typedef {import("./xmlsocket.js").State} State */
/** @typedef {import("./xmlsocket.js").Transport} Transport */

/**
 * Whom a link tells. After `close` only `changed` is of interest: the page knows the end.
 *
 * @typedef {object} LinkEvents
 * @property {() => void} opened
 * @property {(refused: Ended) => void} busy  it will be asked again, `retryAfterS` later
 * @property {(outcome: Ended) => void} ended  the session is over, or could not be opened
 * @property {() => void} changed  `state`, `transport` or `numbers` may have changed
 */

export class Link {
  /** @type {State} */
  state = "connecting";
  /** @type {Transport | null} the one in use */
  transport = null;

  #settings;
  #events;
  #route;
  #relay;
  #opener;
  /** @type {Session | null} */
  #session = null;
  #isFlushDue = false;
  #pause = new Pause();
  // When the bridge was last known to be there.
  #contactAt = performance.now();
  // When the session must be open.
  #openBy = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isLingerOver = false;
  /** @type {Promise<unknown> | undefined} */
  #farewell;

  /**
   * @param {Settings} settings
   * @param {LinkEvents & import("./session.js").Listener} events
   */
  constructor(settings, events) {
    this.#settings = settings;
    this.#events = events;
    const remembered = settings.memory.transport;
    this.#route = new Route(settings.transports, settings.stayMs, { remembered });
    this.#opener = new Opener(settings, events.busy);
    /** @type {Carried} */
    const carried = {
      ...settings,
      onOpening: (opening) => this.#adopt(opening),
      onWorking: (transport) => this.#works(transport),
      onProven: (transport) => this.#remember(transport),
      onProgress: () => events.changed(),
    };
    this.#relay = new Relay(carried, this.#route);
  }

  /** Once it has been opened; it stays after the end. */
  get session() {
    return this.#session;
  }

  /**
   * Opens the session and keeps it until it ends. Resolves after the last request about it.
   *
   * @param {number} delayMs  how long to wait before
   */
  async run(delayMs) {
    const watching = new AbortController();
    watchSurroundings(
      {
        onNetwork: () => this.#renew(),
        onWake: () => this.#look(),
        onUnload: () => this.#cut(),
      },
      watching.signal,
    );
    const outcome = await this.#live(delayMs);
    watching.abort();
    clearTimeout(this.#timer);
    if (this.state === "closed") return;
    this.#become("closed");
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
    this.#become("closed");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stopLingering(), LINGER_MS);
    this.#relay.end();
    this.#opener.stop();
    this.#pause.wake();
  }

  /**
   * @param {number} delayMs
   * @returns {Promise<Ended>}
   */
  async #live(delayMs) {
    if (delayMs > 0) await this.#pause.wait(delayMs);
    if (this.state === "closed") return CLOSED;
    const { timeoutMs } = this.#settings;
    this.#timer = setTimeout(() => this.#giveUpOpening(), timeoutMs);
    this.#openBy = performance.now() + timeoutMs;
    for (let pauseMs = 0; ; ) {
      if (pauseMs > 0 && !this.#isDone) await this.#pause.wait(pauseMs);
      if (this.#isDone) return this.#hangUp();
      const { outcome, steady } = await this.#attempt();
      if (outcome.kind === "ended") return this.#conclude(outcome);
      if (this.#isHopeless(outcome)) return failed("abandoned", "the bridge was out of reach");
      if (this.state === "open") this.#become("resuming");
      pauseMs = this.#route.after(outcome, steady);
    }
  }

  /** @returns {Promise<{ outcome: Outcome, steady: boolean }>} */
  async #attempt() {
    if (!this.#session && this.#route.transport === "long-poll") {
      const refused = await this.#openByRequest();
      if (refused || this.#isDone) return { outcome: refused ?? LEFT, steady: false };
    }
    const carried = await this.#relay.carry(this.#session);
    const { outcome } = carried;
    const mayAsk = !this.#settings.transports.includes("long-poll");
    if (!mayAsk || outcome.kind !== "lost" || outcome.worked) return carried;
    return { ...carried, outcome: await this.#askWhy(outcome) };
  }

  /** @returns {Promise<Ended | null>} `null` when it is open */
  async #openByRequest() {
    const answer = await this.#opener.open(this.#openBy);
    if ("kind" in answer) return answer;
    this.#adopt(answer);
    return null;
  }

  /**
   * Browsers keep the answer to a refused WebSocket handshake to themselves. Where no other
   * transport may find out, a request asks.
   *
   * @param {Outcome} outcome  of the handshake
   */
  async #askWhy(outcome) {
    if (this.#session) {
      return (await inquire(this.#settings, this.#session).catch(brokenBy)) ?? outcome;
    }
    const why = failed("websocket-failed", "WebSockets do not get through");
    return (await this.#openByRequest()) ?? why;
  }

  /** @param {Opening | undefined} opening */
  #adopt(opening) {
    this.#session = new Session(opening, this.#events);
    this.#route.hurry(this.#session.opening.resume_s * 1000);
    return this.#session;
  }

  /** @param {Transport} transport */
  #works(transport) {
    this.#relay.works();
    if (this.state === "closed") return this.#relay.end();
    if (this.transport === transport) return this.#events.changed();
    const isFirst = this.state === "connecting";
    this.#become("open", transport);
    if (!isFirst) return;
    clearTimeout(this.#timer);
    this.#events.opened();
  }

  /** @param {Transport} transport */
  #remember(transport) {
    const { memory, transports } = this.#settings;
    memory.transport = transport === transports[0] ? null : transport;
  }

  // Messages sent within one task go out together.
  #flushSoon() {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      this.#isFlushDue = false;
      this.#relay.flush();
      this.#events.changed();
    });
  }

  // Another network has other proxies, and the connections of the one before may hang for long.
  #renew() {
    this.#route.renew();
    if (this.state === "open") this.#relay.leave();
    this.#pause.wake();
  }

  #look() {
    this.#relay.look();
    this.#pause.wake();
  }

  #giveUpOpening() {
    this.close();
    this.#events.ended(failed("timeout", "no session was opened in time"));
  }

  /** Whether nothing is left to be done for the page. */
  get #isDone() {
    if (this.state !== "closed") return false;
    return this.#isLingerOver || !this.#session?.outbox.length;
  }

  // Ends the session within this call, as far as that is possible: the page goes away.
  #cut() {
    this.close();
    if (!this.#stopLingering() && this.#session) {
      this.#farewell ??= this.#sayFarewell(this.#session);
    }
  }

  /**
   * By requests that outlive the page. If some messages go first, the end can follow only while
   * there is a page; else the bridge ends the session by itself, `resume_s` later.
   *
   * @param {Session} session
   */
  async #sayFarewell(session) {
    const { endpoint, codec } = this.#settings;
    session.outbox.resume();
    const { first, messages } = session.outbox.take();
    if (messages.length > 0) await endpoint.send(session, first, codec.encode(messages));
    await endpoint.end(session);
  }

  /** Returns whether the session has been ended by it. */
  #stopLingering() {
    this.#isLingerOver = true;
    this.#pause.wake();
    return this.#relay.cut();
  }

  /** @returns {Promise<Ended>} */
  async #hangUp() {
    if (this.#session) await (this.#farewell ??= this.#settings.endpoint.end(this.#session));
    return CLOSED;
  }

  /** @param {Ended} outcome */
  #conclude(outcome) {
    // The bridge may see nothing wrong and would hold the daemon's connection.
    if (outcome.failed && this.#session) void this.#settings.endpoint.end(this.#session);
    // What was remembered of the way may have been wrong.
    if (!this.#session) this.#settings.memory.transport = null;
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
   * @param {Transport | null} [transport]
   */
  #become(state, transport = null) {
    this.state = state;
    this.transport = transport;
    this.#events.changed();
  }
}
