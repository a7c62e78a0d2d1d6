/**
 * ActionScript's XMLSocket for the browser and for Node, over xmlsocket-bridge.
 *
 *     import { XMLSocket } from "https://play.example.com/bridge/xmlsocket.js";
 *
 *     const socket = new XMLSocket();
 *     socket.onConnect = (success) => success && socket.send("<hello/>");
 *     socket.onXML = (document) => console.log(document.documentElement.nodeName);
 *     socket.connect("game.example.com", 9339);
 *
 * What ActionScript's did not do: a broken connection is taken up again where it broke, over
 * WebSocket or long-polling, whichever gets through. No message is lost or comes twice meanwhile.
 */

import { Credential } from "./credential.js";
import { Endpoint } from "./endpoint.js";
import { failure, FINAL, SECURITY } from "./failure.js";
import { bytesCodec, textCodec } from "./framing.js";
import { Link } from "./link.js";
import { Memory } from "./memory.js";
import { pauseMs } from "./route.js";
import { NO_SESSION } from "./session.js";
import { LONGEST_PAUSE_MS, OPEN_LIMIT_MS, STAY_MS, STEADY_MS, WEBSOCKET_LIMIT_MS } from "./times.js";
import { usable } from "./transports.js";
import { parseXML, serializeXML } from "./xml.js";

/** @typedef {string | Uint8Array} Message  bytes where the daemon's messages are `bytes` */
/** @typedef {"connecting" | "open" | "resuming" | "closed"} State */
/** @typedef {"websocket" | "long-poll"} Transport */

/**
 * @typedef {object} Options
 * @property {string | URL} [base]  where the bridge is. Left out: the folder that this module came
 *     from, which in Node is none
 * @property {Transport[]} [transports]  those allowed, the best one first
 * @property {"xml" | "text" | "bytes"} [messages]  what the daemon's messages are, as the bridge is
 *     configured. Text is not parsed; bytes come as `Uint8Array`
 * @property {string | (() => string | Promise<string>)} [token]  shown at each opening, where the
 *     bridge asks who one is; a function is called each time
 * @property {string | (() => string | Promise<string>)} [ticket]  the same with a ticket of the
 *     bridge's, which is good for one opening
 * @property {boolean} [reconnect]  whether a session that has failed is followed by a new one. The
 *     daemon takes that for another client: each time there is a `close` before and a `connect`
 *     after. Not after what would fail again, such as a refusal or an operator's `kicked`
 * @property {number} [openTimeoutMs]  how long a WebSocket may take until data has come through
 * @property {number} [returnAfterMs]  how long to use another transport before the best one is
 *     tried again; it doubles with each trial
 * @property {typeof globalThis.WebSocket} [WebSocket]  for Node before 22, which has none: the class
 *     of the package `ws`. Without any only long-polling is used
 * @property {Storage | null} [storage]  where the transport that gets through is remembered for the
 *     next time; `localStorage` if left out, nowhere if `null`
 */

/**
 * @typedef {Event & { data: Message, number: number }} DataEvent
 * @typedef {Event & { document: XMLDocument, number: number }} XMLEvent
 * @typedef {Event & { code: string, detail: string, text: string, number: number | null,
 *     retryAfterS: number }} FailureEvent
 * @typedef {Event & { code: string, detail: string, retryAfterS: number, unacknowledged: number,
 *     willReconnect: boolean }} CloseEvent
 */

/**
 * @typedef {object} Events
 * @property {Event} connect
 * @property {DataEvent} data
 * @property {XMLEvent} xml
 * @property {CloseEvent} close
 * @property {FailureEvent} ioError
 * @property {FailureEvent} securityError
 * @property {FailureEvent} error
 * @property {FailureEvent} busy
 * @property {Event} drain
 * @property {Event} state
 */

/**
 * @template {keyof Events} K
 * @typedef {((event: Events[K]) => void) | { handleEvent(event: Events[K]): void } | null} Handler
 */

/**
 * An `EventTarget` that knows its events.
 *
 * @typedef {object} Target
 * @property {<K extends keyof Events>(type: K, listener: Handler<K>,
 *     options?: boolean | AddEventListenerOptions) => void} addEventListener
 * @property {<K extends keyof Events>(type: K, listener: Handler<K>,
 *     options?: boolean | EventListenerOptions) => void} removeEventListener
 * @property {(event: Event) => boolean} dispatchEvent
 */

const TypedTarget = /** @type {new () => Target} */ (EventTarget);

/**
 * Events, each with the handler of the same name in ActionScript 2. A handler may be assigned, or
 * overridden in a subclass.
 *
 * - `connect`: the session is open. `onConnect(true)`; when it could not be opened, there is an
 *   `ioError` or `securityError` instead, and then `onConnect(false)`
 * - `data`: a message came, with `data` and its `number`. `onData(data)`; unless replaced, that one
 *   calls `onXML`
 * - `xml`: the same message once parsed, if it is well-formed: `document` and `number`.
 *   `onXML(document)`
 * - `close`: the session was ended, but not by `close()`. `code` and `detail` say why,
 *   `retryAfterS` how many seconds to wait before connecting again, 0 when not said: a bridge that
 *   is restarted asks each page for a different time. Of what was sent, the last `unacknowledged`
 *   messages may not have reached the daemon. `onClose(event)`
 * - `ioError`, `securityError`: the session failed: `code`, `detail`, `retryAfterS` as above, and
 *   `text`, all in one. It is a `securityError` when the bridge refuses this page or this user
 * - `error`: the same two under one name, and messages that the bridge refused, one by one: these
 *   have their `number`, which is `null` when it is the session that failed
 * - `busy`: the bridge opens no session just now: `code` and `detail` say why; it will be asked again
 *   `retryAfterS` seconds later, as long as `timeout` allows
 * - `drain`: all that was sent is acknowledged, a good time to send more
 * - `state`: `state`, `transport`, `numbers` or `bufferedAmount` changed
 */
export class XMLSocket extends TypedTarget {
  /** How many milliseconds a session may take to be opened, the next time. */
  timeout = OPEN_LIMIT_MS;

  #settings;
  #parses;
  #reconnects;
  // Sessions in a row that could not be opened or did not last.
  #failures = 0;
  /** @type {{ data: string, document: XMLDocument | null } | null} */
  #parsed = null;
  /** @type {Link | null} */
  #link = null;
  #isStateDue = false;
  #isDrainDue = false;

  /** @param {Options} [options] */
  constructor(options = {}) {
    super();
    const { messages = "xml", WebSocket = globalThis.WebSocket } = options;
    const endpoint = new Endpoint(options.base);
    this.#parses = messages === "xml";
    this.#reconnects = options.reconnect ?? false;
    this.#settings = {
      endpoint,
      credential: new Credential(options.token, options.ticket),
      memory: new Memory(endpoint.address, options.storage),
      codec: messages === "bytes" ? bytesCodec : textCodec,
      transports: usable(options.transports, WebSocket),
      WebSocket,
      openTimeoutMs: options.openTimeoutMs ?? WEBSOCKET_LIMIT_MS,
      stayMs: options.returnAfterMs ?? STAY_MS,
    };
    this.#callHandlers();
  }

  /** @param {boolean} _success */
  onConnect(_success) {}

  /** @param {Message} data */
  onData(data) {
    const document = this.#parse(data);
    if (document) this.onXML(document);
  }

  /** @param {XMLDocument} _document */
  onXML(_document) {}

  /** @param {CloseEvent} _event */
  onClose(_event) {}

  /** @returns {State} */
  get state() {
    return this.#link?.state ?? "closed";
  }

  /** Whether a session is open, be it that its connection is just being taken up again. */
  get connected() {
    return this.state === "open" || this.state === "resuming";
  }

  /** @returns {Transport | null} the one in use */
  get transport() {
    return this.#link?.transport ?? null;
  }

  /** The numbers of the latest messages; they stay after the end. */
  get numbers() {
    const { received, outbox } = this.#session;
    const { sent, acknowledged } = outbox;
    return { down: { received }, up: { sent, acknowledged } };
  }

  /** Bytes of the messages sent that the bridge has not acknowledged yet. */
  get bufferedAmount() {
    return this.#session.outbox.bytes;
  }

  /** The session's name in the bridge's log, or `null`. */
  get id() {
    return this.#session.opening.id;
  }

  get #session() {
    return this.#link?.session ?? NO_SESSION;
  }

  /**
   * Opens a session with a daemon; one that is open is closed before.
   *
   * @param {string | null} host  with `port`: the host as the movie knew it, `null` for the page's
   *     own. Without: the name of a daemon in the bridge's configuration
   * @param {number} [port]
   * @returns {boolean} true, as in ActionScript 2: it is under way
   */
  connect(host, port) {
    const daemon = port === undefined ? host : `${host ?? globalThis.location?.hostname}:${port}`;
    if (!daemon) throw new TypeError("connect needs a daemon's name, or a host and a port");
    this.close();
    this.#failures = 0;
    this.#open(daemon, 0);
    return true;
  }

  /**
   * Sends a message; XML is serialised, anything else is sent as its text, as in ActionScript.
   *
   * @param {unknown} message
   * @returns {number} its number, which the `error` says if the bridge refuses it
   * @throws {DOMException} `InvalidStateError` when not connected
   * @throws {RangeError} when it is longer than the bridge allows
   * @throws {TypeError} when it cannot be a message of this daemon
   */
  send(message) {
    if (!this.#link || !this.connected) {
      throw new DOMException("the socket is not connected", "InvalidStateError");
    }
    this.#isDrainDue = true;
    return this.#link.send(this.#settings.codec.admit(serializeXML(message)));
  }

  /** Closes at once, for the page: no event but `state` follows. What was sent is delivered yet. */
  close() {
    this.#link?.close();
  }

  // As listeners, so that a handler that throws is reported and does no other harm.
  #callHandlers() {
    this.addEventListener("connect", () => this.onConnect(true));
    this.addEventListener("data", (event) => this.onData(event.data));
    this.addEventListener("close", (event) => this.onClose(event));
  }

  /**
   * @param {string} daemon
   * @param {number} delayMs
   */
  #open(daemon, delayMs) {
    const settings = { ...this.#settings, daemon, timeoutMs: this.timeout };
    /** @type {Link} */
    const link = new Link(settings, this.#follow(() => link, daemon));
    this.#link = link;
    this.#isDrainDue = false;
    this.#changed();
    void link.run(delayMs);
  }

  /**
   * What a link tells, as events; an older link than the present one is not listened to.
   *
   * @param {() => Link} link
   * @param {string} daemon
   */
  #follow(link, daemon) {
    let openedAt = Infinity;
    const isOpen = () => link() === this.#link && this.connected;
    return {
      opened: () => {
        openedAt = performance.now();
        this.#tell("connect");
      },
      busy: (/** @type {import("./outcome.js").Ended} */ refused) => this.#tell("busy", failure(refused)),
      received: (/** @type {Message} */ message, /** @type {number} */ number) => {
        if (isOpen()) this.#received(message, number);
      },
      refused: (/** @type {import("./session.js").Refusal} */ refusal) => {
        if (isOpen()) this.#tell("error", failure(refusal, refusal.message));
      },
      ended: (/** @type {import("./outcome.js").Ended} */ outcome) => {
        if (performance.now() - openedAt >= STEADY_MS) this.#failures = 0;
        this.#ended(link(), daemon, outcome, openedAt < Infinity);
      },
      changed: () => {
        if (link() === this.#link) this.#changed();
      },
    };
  }

  /**
   * @param {Message} data
   * @param {number} number
   */
  #received(data, number) {
    this.#changed();
    this.#parsed = null;
    this.#tell("data", { data, number });
    const document = this.#parse(data);
    if (document) this.#tell("xml", { document, number });
  }

  /**
   * Parses a message once, though `onData` and the event `xml` both want it.
   *
   * @param {Message} data
   */
  #parse(data) {
    if (!this.#parses || typeof data !== "string") return null;
    if (this.#parsed?.data !== data) this.#parsed = { data, document: parseXML(data) };
    return this.#parsed.document;
  }

  /**
   * @param {Link} link
   * @param {string} daemon
   * @param {import("./outcome.js").Ended} outcome
   * @param {boolean} wasOpen
   */
  #ended(link, daemon, outcome, wasOpen) {
    const { code, detail, failed, retryAfterS } = outcome;
    const willReconnect = this.#reconnects && link === this.#link && !FINAL.includes(code);
    const unacknowledged = link.session?.outbox.length ?? 0;
    // Before anybody is told, who may want none, or another one.
    if (willReconnect) this.#openAgain(daemon, retryAfterS);
    if (failed || !wasOpen) {
      const type = SECURITY.includes(code) ? "securityError" : "ioError";
      for (const name of [type, "error"]) this.#tell(name, failure(outcome));
    }
    if (wasOpen) this.#tell("close", { code, detail, retryAfterS, unacknowledged, willReconnect });
    else this.onConnect(false);
  }

  /**
   * @param {string} daemon
   * @param {number} retryAfterS
   */
  #openAgain(daemon, retryAfterS) {
    this.#failures += 1;
    const delayMs = Math.max(pauseMs(this.#failures, LONGEST_PAUSE_MS), retryAfterS * 1000);
    this.#open(daemon, delayMs);
  }

  // Messages come by the hundred: one event tells of all that changed within a task.
  #changed() {
    if (this.#isStateDue) return;
    this.#isStateDue = true;
    queueMicrotask(() => {
      this.#isStateDue = false;
      this.#tell("state");
      if (!this.#isDrainDue || this.bufferedAmount > 0) return;
      this.#isDrainDue = false;
      if (this.connected) this.#tell("drain");
    });
  }

  /**
   * @param {string} type
   * @param {object} [fields]
   */
  #tell(type, fields) {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }
}
