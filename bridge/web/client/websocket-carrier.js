/**
 * Carries a session over one WebSocket, in the subprotocol `xmlsocket.v1`.
 *
 * Without a session it opens one; with a session it attaches to it. Either way the bridge's first
 * frame says from which numbers on both sides count, and only with that frame is it sure that
 * frames get through: some proxies agree to the upgrade and then let nothing pass.
 */

import { AckPacer } from "./ack-pacer.js";
import { GarbledError } from "./errors.js";
import { brokenBy, ended, LEFT, lost } from "./outcome.js";
import { Watchdog } from "./watchdog.js";

/** @typedef {import("./link.js").Carried} Carried */
/** @typedef {import("./outcome.js").Outcome} Outcome */
/** @typedef {import("./session.js").Opening} Opening */
/** @typedef {import("./session.js").Refusal} Refusal */
/** @typedef {import("./session.js").Session} Session */

/** @typedef {{ code?: string, detail?: string, retry_after_s?: number }} Closing */

/**
 * What a control frame may say; a frame may say several things at once.
 *
 * @typedef {object} Control
 * @property {Opening} [open]
 * @property {number} [first]
 * @property {number} [ack]
 * @property {Refusal} [reject]
 * @property {Closing} [close]
 */

const SUBPROTOCOL = "xmlsocket.v1";

export class WebSocketCarrier {
  #carried;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Session | null} */
  #session;
  #isWorking = false;
  #isEnding = false;
  #hasHungUp = false;
  // The number of the next message on this socket.
  #next = 0;
  #pacer = new AckPacer(() => this.#say({ ack: this.#session?.received }));
  /** @type {Watchdog} */
  #watchdog;
  /** @type {(outcome: Outcome) => void} */
  #resolve = () => {};

  /**
   * @param {Carried} carried
   * @param {Session | null} session  `null` to open one
   */
  constructor(carried, session) {
    this.#carried = carried;
    this.#session = session;
    this.#watchdog = new Watchdog(carried.openTimeoutMs, () => this.#finish(lost()));
  }

  /**
   * Connects and carries; resolves when the connection is over.
   *
   * @returns {Promise<Outcome>}
   */
  run() {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      try {
        this.#connect();
      } catch {
        // The page's policy forbids it, or the page came over https and the bridge is not.
        this.#finish(lost());
      }
    });
  }

  /** Sends what waits in the outbox, as far as the bound on unacknowledged messages allows. */
  flush() {
    if (!this.#session || !this.#isWorking) return;
    const { messages } = this.#session.outbox.take();
    if (messages.length > 0) this.#socket?.send(this.#carried.codec.encode(messages));
    if (this.#isEnding && !this.#session.outbox.hasWaiting) this.cut();
  }

  /** Gives the connection up; the session stays. */
  leave() {
    this.#finish(LEFT);
  }

  /** Ends the session once all that waits has been sent. */
  end() {
    this.#isEnding = true;
    if (this.#session) this.flush();
    else this.cut();
  }

  /** Ends the session at once, if it can; returns whether it could. The connection is given up. */
  cut() {
    if (this.#isWorking) {
      this.#hasHungUp = true;
      this.#say({ close: {} });
    }
    this.#finish(this.#hasHungUp ? ended("client-closed", "") : LEFT);
    return this.#hasHungUp;
  }

  #connect() {
    const { endpoint, daemon } = this.#carried;
    const socket = this.#session
      ? new WebSocket(endpoint.attachment(this.#session), [
          SUBPROTOCOL,
          `key.${this.#session.opening.key}`,
        ])
      : new WebSocket(endpoint.opening(daemon), [SUBPROTOCOL]);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => this.#finish(lost(this.#isWorking));
    this.#socket = socket;
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#watchdog.hear();
    try {
      if (typeof data === "string" && !data.includes("\0")) this.#control(toControl(data));
      else this.#data(this.#working(), data);
    } catch (error) {
      this.#finish(brokenBy(error));
    }
  }

  /** @param {Control} frame */
  #control({ open, first, ack, reject, close }) {
    if (!this.#isWorking) return this.#begin(open, toNumber(first), toNumber(ack));
    if (ack !== undefined) this.#acknowledged(this.#working(), toNumber(ack));
    if (reject) this.#working().refuse(reject);
    if (close) this.#closed(close);
  }

  /**
   * @param {Opening | undefined} open
   * @param {number} first
   * @param {number} accepted
   */
  #begin(open, first, accepted) {
    const session = (this.#session ??= this.#carried.onOpening(open));
    session.outbox.resume(accepted);
    this.#next = first;
    this.#isWorking = true;
    this.#watchdog.stop();
    const silenceMs = 2 * session.opening.heartbeat_s * 1000;
    this.#watchdog = new Watchdog(silenceMs, () => this.#finish(lost(true)));
    this.#carried.onWorking("websocket");
    this.flush();
  }

  /**
   * @param {Session} session
   * @param {number} number
   */
  #acknowledged(session, number) {
    session.outbox.acknowledge(number);
    this.#carried.onProgress();
    this.flush();
  }

  /**
   * @param {Session} session
   * @param {string | ArrayBuffer} payload
   */
  #data(session, payload) {
    const messages = this.#carried.codec.decode(payload);
    const first = this.#next;
    this.#next += messages.length;
    session.receive(first, messages);
    this.#pacer.owe(typeof payload === "string" ? payload.length : payload.byteLength);
  }

  /** @param {Closing} close */
  #closed({ code = "closed", detail = "", retry_after_s = 0 }) {
    this.#pacer.settle();
    this.#finish(ended(code, detail, retry_after_s));
  }

  #working() {
    if (!this.#session || !this.#isWorking) throw new GarbledError("data before the first frame");
    return this.#session;
  }

  /** @param {object} control */
  #say(control) {
    this.#socket?.send(JSON.stringify(control));
  }

  /** @param {Outcome} outcome */
  #finish(outcome) {
    this.#isWorking = false;
    this.#pacer.stop();
    this.#watchdog.stop();
    if (this.#socket) dismiss(this.#socket, this.#session !== null);
    this.#resolve(outcome);
  }
}

/**
 * Closes a socket that nobody listens to any more.
 *
 * One that was to open a session and comes through late has opened it: it must be ended, or the
 * daemon would see a second client for as long as sessions can be resumed.
 *
 * @param {WebSocket} socket
 * @param {boolean} hasSession
 */
function dismiss(socket, hasSession) {
  socket.onmessage = null;
  socket.onclose = null;
  if (hasSession) socket.close();
  else if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => hangUp(socket);
  else if (socket.readyState === WebSocket.OPEN) hangUp(socket);
}

/** @param {WebSocket} socket */
function hangUp(socket) {
  socket.send('{"close": {}}');
  socket.close();
}

/**
 * @param {string} text
 * @returns {Control}
 */
function toControl(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw new GarbledError("a control frame that is no JSON object");
}

/** @param {unknown} value */
function toNumber(value) {
  if (!Number.isSafeInteger(value)) throw new GarbledError("a control frame without its number");
  return /** @type {number} */ (value);
}
