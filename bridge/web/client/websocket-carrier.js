/**
 * Carries a session over one WebSocket, in the subprotocol `xmlsocket.v1`.
 *
 * Without a session it opens one; with a session it attaches to it. Either way the bridge's first
 * frame says from which numbers on both sides count, and only with that frame is it sure that
 * frames get through: some proxies agree to the upgrade and then let nothing pass.
 */

import { AckPacer } from "./ack-pacer.js";
import { readControl, readNumber } from "./control.js";
import { subprotocolsOf } from "./credential.js";
import { GarbledError } from "./errors.js";
import { brokenBy, CLOSED, ended, LEFT, lost } from "./outcome.js";
import { HEARTBEATS_TO_PROVE } from "./times.js";
import { Watchdog } from "./watchdog.js";

/** @typedef {import("./control.js").Closing} Closing */
/** @typedef {import("./control.js").Control} Control */
/** @typedef {import("./carried.js").Carried} Carried */
/** @typedef {import("./outcome.js").Outcome} Outcome */
/** @typedef {import("./session.js").Opening} Opening */
/** @typedef {import("./session.js").Session} Session */

const SUBPROTOCOL = "xmlsocket.v1";

export class WebSocketCarrier {
  /** Whether the bridge's first frame has come. */
  hasWorked = false;

  #carried;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Session | null} */
  #session;
  #isBeside;
  #isWorking = false;
  #isEnding = false;
  #isOver = false;
  #hasHungUp = false;
  // The numbers of the next message on this socket, and of the first one that it was given to send.
  #next = 0;
  #firstSent = 0;
  #workingSince = Infinity;
  #isProven = false;
  #pacer = new AckPacer(() => this.#say({ ack: this.#session?.received }));
  /** @type {Watchdog | undefined} */
  #watchdog;
  /** @type {Watchdog | undefined} */
  #proof;
  /** @type {(outcome: Outcome) => void} */
  #resolve = () => {};

  /**
   * @param {Carried} carried
   * @param {Session | null} session  `null` to open one
   * @param {boolean} [isBeside]  whether another carrier goes on receiving until this one works
   */
  constructor(carried, session, isBeside = false) {
    this.#carried = carried;
    this.#session = session;
    this.#isBeside = isBeside;
  }

  /**
   * Connects and carries; resolves when the connection is over.
   *
   * @returns {Promise<Outcome>}
   */
  run() {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      void this.#connect();
    });
  }

  /**
   * Whether messages are known to get through both ways. Some proxies let pass what comes from the
   * bridge, and nothing that goes there.
   */
  get isProven() {
    const heartbeatMs = (this.#session?.opening.heartbeat_s ?? Infinity) * 1000;
    const workedMs = performance.now() - this.#workingSince;
    return this.#isProven || workedMs > HEARTBEATS_TO_PROVE * heartbeatMs;
  }

  /** Sends what waits in the outbox, as far as the bound on unacknowledged messages allows. */
  flush() {
    if (!this.#session || !this.#isWorking) return;
    const { first, messages } = this.#session.outbox.take();
    if (messages.length > 0) {
      this.#socket?.send(this.#carried.codec.encode(messages));
      this.#demandProof(first);
    }
    if (this.#isEnding && !this.#session.outbox.hasWaiting) this.cut();
  }

  /** Takes note that time may have been skipped. */
  look() {
    this.#watchdog?.look();
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
      this.#isEnding = false;
      this.flush();
      this.#hasHungUp = true;
      this.#say({ close: {} });
    }
    this.#finish(this.#hasHungUp ? CLOSED : LEFT);
    return this.#hasHungUp;
  }

  async #connect() {
    // Only whoever opens a session shows who it is.
    const shown = this.#session ? {} : await this.#carried.credential.show();
    if (this.#isOver) return;
    if ("kind" in shown) return this.#finish(shown);
    this.#watchdog = new Watchdog(this.#carried.openTimeoutMs, () => this.#finish(lost()));
    try {
      this.#listen(this.#open(shown));
    } catch {
      // The page's policy forbids it, or the page came over https and the bridge is not.
      this.#finish(lost());
    }
  }

  /** @param {import("./credential.js").Shown} shown */
  #open(shown) {
    const { endpoint, daemon, WebSocket } = this.#carried;
    const session = this.#session;
    const [address, proofs] = session
      ? [endpoint.attachment(session, this.#isBeside), [`key.${session.opening.key}`]]
      : [endpoint.opening(daemon, shown), subprotocolsOf(shown)];
    return new WebSocket(address, [SUBPROTOCOL, ...proofs]);
  }

  /** @param {WebSocket} socket */
  #listen(socket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => this.#finish(lost(this.#isWorking));
    // What it says, `close` says; but Node's libraries throw an error that nobody listens to.
    socket.onerror = () => {};
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#watchdog?.hear();
    try {
      if (typeof data === "string" && !data.includes("\0")) this.#control(readControl(data));
      else this.#data(this.#workingSession(), data);
    } catch (error) {
      this.#finish(brokenBy(error));
    }
  }

  /** @param {Control} frame */
  #control({ open, first, ack, reject, close }) {
    if (!this.#isWorking) return this.#begin(open, readNumber(first), readNumber(ack));
    const session = this.#workingSession();
    if (ack !== undefined) this.#acknowledged(session, readNumber(ack));
    if (reject) session.refuse(reject);
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
    this.#isWorking = this.hasWorked = true;
    this.#workingSince = performance.now();
    this.#watchdog?.stop();
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
    if (this.#firstSent > 0 && number >= this.#firstSent) this.#prove();
    this.#carried.onProgress();
    this.flush();
  }

  /**
   * As long as another transport could be tried, the first message must be acknowledged as soon as
   * the first frame had to come.
   *
   * @param {number} first  its number
   */
  #demandProof(first) {
    if (this.#firstSent > 0 || this.#isProven) return;
    this.#firstSent = first;
    const { transports, openTimeoutMs } = this.#carried;
    if (transports.length > 1) {
      this.#proof = new Watchdog(openTimeoutMs, () => this.#finish(lost()));
    }
  }

  #prove() {
    this.#proof?.stop();
    if (this.#isProven) return;
    this.#isProven = true;
    this.#carried.onProven("websocket");
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

  /** Throws `GarbledError` for what comes before the first frame. */
  #workingSession() {
    if (!this.#session || !this.#isWorking) throw new GarbledError();
    return this.#session;
  }

  /** @param {object} control */
  #say(control) {
    this.#socket?.send(JSON.stringify(control));
  }

  /** @param {Outcome} outcome */
  #finish(outcome) {
    this.#isWorking = false;
    this.#isOver = true;
    this.#pacer.stop();
    this.#watchdog?.stop();
    this.#proof?.stop();
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
  socket.onmessage = socket.onclose = null;
  if (hasSession) return socket.close();
  const hangUp = () => {
    socket.send('{"close": {}}');
    socket.close();
  };
  if (socket.readyState === socket.OPEN) hangUp();
  else socket.onopen = hangUp;
}
