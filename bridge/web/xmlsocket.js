/**
 * ActionScript's XMLSocket for the browser, over xmlsocket-bridge.
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

import { Endpoint } from "./client/endpoint.js";
import { bytesCodec, textCodec } from "./client/framing.js";
import { Link } from "./client/link.js";
import { parseXML, serializeXML } from "./client/xml.js";

/** @typedef {import("./client/framing.js").Message} Message */
/** @typedef {import("./client/link.js").State} State */
/** @typedef {import("./client/outcome.js").Ended} Ended */
/** @typedef {import("./client/route.js").Transport} Transport */

/**
 * @typedef {object} Options
 * @property {string | URL} [base]  where the bridge is; this module's folder if left out
 * @property {Transport[]} [transports]  those allowed, the best one first
 * @property {"xml" | "text" | "bytes"} [messages]  what the daemon's messages are, as the bridge is
 *     configured. Text is not parsed; bytes come as `Uint8Array`
 * @property {number} [openTimeoutMs]  how long a WebSocket may take until data has come through
 * @property {number} [returnAfterMs]  how long to use another transport before the best one is
 *     tried again; it doubles with each trial
 */

/** @type {Transport[]} */
const TRANSPORTS = ["websocket", "long-poll"];

// Longer than a handshake takes over any network worth using, short enough for a user to wait
// behind a proxy that swallows WebSockets.
const OPEN_TIMEOUT_MS = 5_000;
const RETURN_AFTER_MS = 30_000;

/**
 * Events, each with the handler of the same name in ActionScript. A handler may be assigned, or
 * overridden in a subclass.
 *
 * - `connect`: the session is open. `onConnect(true)`; when it could not be opened, there is an
 *   `error` instead, and then `onConnect(false)`
 * - `data`: a message came, with `data` and its `number`. `onData(data)`; unless replaced, that one
 *   calls `onXML`
 * - `xml`: the same message once parsed, if it is well-formed: `document` and `number`.
 *   `onXML(document)`
 * - `close`: the session was ended, but not by `close()`. `code` and `detail` say why,
 *   `retryAfterS` how many seconds to wait before connecting again, 0 when not said: a bridge that
 *   is restarted asks each page for a different time. `onClose(event)`
 * - `error`: something failed: `code`, `detail`; `number` is that of the message refused, or `null`
 *   when it is the session that failed; `retryAfterS` is when to try again, 0 when not said
 * - `state`: `state`, `transport`, `numbers` or `bufferedAmount` changed
 */
export class XMLSocket extends EventTarget {
  #settings;
  #parses;
  /** @type {{ data: string, document: XMLDocument | null } | null} */
  #parsed = null;
  /** @type {Link | null} */
  #link = null;
  #isStateDue = false;

  /** @param {Options} [options] */
  constructor(options = {}) {
    super();
    const { transports = TRANSPORTS, messages = "xml" } = options;
    if (transports.length === 0 || !transports.every((name) => TRANSPORTS.includes(name))) {
      throw new TypeError(`transports must be some of ${TRANSPORTS.join(", ")}`);
    }
    this.#parses = messages === "xml";
    this.#settings = {
      endpoint: new Endpoint(options.base ?? new URL(".", import.meta.url)),
      codec: messages === "bytes" ? bytesCodec : textCodec,
      transports,
      openTimeoutMs: options.openTimeoutMs ?? OPEN_TIMEOUT_MS,
      stayMs: options.returnAfterMs ?? RETURN_AFTER_MS,
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

  /** @param {Event & { code: string, detail: string, retryAfterS: number }} _event */
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
    return this.#link?.numbers ?? { down: { received: 0 }, up: { sent: 0, acknowledged: 0 } };
  }

  /** Bytes of the messages sent that the bridge has not acknowledged yet. */
  get bufferedAmount() {
    return this.#link?.bufferedAmount ?? 0;
  }

  /** The session's name in the bridge's log, or `null`. */
  get id() {
    return this.#link?.id ?? null;
  }

  /**
   * Opens a session with a daemon; one that is open is closed before.
   *
   * @param {string | null} host  with `port`: the host as the movie knew it, `null` for the page's
   *     own. Without: the name of a daemon in the bridge's configuration
   * @param {number} [port]
   */
  connect(host, port) {
    const daemon = port === undefined ? host : `${host ?? location.hostname}:${port}`;
    if (!daemon) throw new TypeError("connect needs a daemon's name, or a host and a port");
    this.close();
    /** @type {Link} */
    const link = new Link({ ...this.#settings, daemon }, this.#follow(() => link));
    this.#link = link;
    this.#changed();
    void link.run();
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
    return this.#link.send(this.#settings.codec.admit(serializeXML(message)));
  }

  /** Closes at once, for the page: no event but `state` follows. What was sent is delivered yet. */
  close() {
    this.#link?.close();
  }

  // As listeners, so that a handler that throws is reported and does no other harm.
  #callHandlers() {
    this.addEventListener("connect", () => this.onConnect(true));
    this.addEventListener("data", (event) => this.onData(/** @type {any} */ (event).data));
    this.addEventListener("close", (event) => this.onClose(/** @type {any} */ (event)));
  }

  /**
   * What a link tells, as events; an older link than the present one is not listened to.
   *
   * @param {() => Link} link
   */
  #follow(link) {
    let wasOpen = false;
    const isOpen = () => link() === this.#link && this.connected;
    return {
      opened: () => {
        wasOpen = true;
        this.#tell("connect", {});
      },
      received: (/** @type {Message} */ message, /** @type {number} */ number) => {
        if (isOpen()) this.#received(message, number);
      },
      refused: (/** @type {import("./client/session.js").Refusal} */ { message, code, detail }) => {
        if (isOpen()) this.#tell("error", { code, detail, number: message, retryAfterS: 0 });
      },
      ended: (/** @type {Ended} */ outcome) => this.#ended(outcome, wasOpen),
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
   * @param {Ended} outcome
   * @param {boolean} wasOpen
   */
  #ended({ code, detail, failed, retryAfterS }, wasOpen) {
    if (failed || !wasOpen) this.#tell("error", { code, detail, number: null, retryAfterS });
    if (wasOpen) this.#tell("close", { code, detail, retryAfterS });
    else this.onConnect(false);
  }

  // Messages come by the hundred: one event tells of all that changed within a task.
  #changed() {
    if (this.#isStateDue) return;
    this.#isStateDue = true;
    queueMicrotask(() => {
      this.#isStateDue = false;
      this.#tell("state", {});
    });
  }

  /**
   * @param {string} type
   * @param {object} fields
   */
  #tell(type, fields) {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }
}
