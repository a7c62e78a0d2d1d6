/** Where to connect, and how the connection is doing. */

import { toSize } from "./display.js";
import { element } from "./element.js";
import { reason } from "./reason.js";

/** @typedef {import("../client/route.js").Transport} Transport */
/** @typedef {import("./connection.js").Daemon} Daemon */

/** @type {Record<string, string>} */
const STATUS = {
  connecting: "Connecting",
  open: "Connected",
  resuming: "Resuming",
  closed: "Not connected",
};
/** @type {Record<string, string>} */
const TRANSPORT = { websocket: "WebSocket", "long-poll": "Long-polling" };

/** Tells `choose` when another daemon is chosen, and once it is known which there are. */
export class ConnectionBar extends EventTarget {
  #connection;
  #journal;
  /** @type {Daemon[]} */
  #daemons = [];
  #parts = {
    status: element("status", HTMLElement),
    form: element("connection", HTMLFormElement),
    daemon: element("daemon", HTMLSelectElement),
    transport: element("transport", HTMLSelectElement),
    token: element("token", HTMLInputElement),
    connect: element("connect", HTMLButtonElement),
    carrier: element("carrier", HTMLElement),
    received: element("received", HTMLElement),
    sent: element("sent", HTMLElement),
    acknowledged: element("acknowledged", HTMLElement),
    buffered: element("buffered", HTMLElement),
    session: element("session", HTMLElement),
  };

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {import("./journal.js").Journal} journal
   */
  constructor(connection, journal) {
    super();
    this.#connection = connection;
    this.#journal = journal;
    connection.addEventListener("change", () => this.#draw());
    this.#parts.daemon.addEventListener("change", () => this.#choose());
    this.#parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (connection.state === "closed") this.#open();
      else connection.close();
    });
  }

  /** The name of the daemon chosen. */
  get daemon() {
    return this.#parts.daemon.value;
  }

  /** Asks the bridge which daemons there are. */
  async load() {
    try {
      const response = await fetch("v1/daemons", { cache: "no-store" });
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      ({ daemons: this.#daemons } = await response.json());
    } catch (error) {
      return this.#journal.note(`The list of daemons could not be loaded: ${reason(error)}`, "bad");
    }
    this.#parts.daemon.replaceChildren(...this.#daemons.map(({ name }) => new Option(name)));
    this.#parts.connect.disabled = this.#daemons.length === 0;
    if (this.#daemons.length === 0) this.#journal.note("This bridge has no daemons configured.", "bad");
    this.#choose();
  }

  #choose() {
    this.dispatchEvent(new Event("choose"));
  }

  #open() {
    const daemon = this.#daemons.find(({ name }) => name === this.daemon);
    if (!daemon) return;
    const transports = /** @type {Transport[]} */ (this.#parts.transport.value.split(" "));
    this.#connection.open(daemon, transports, this.#parts.token.value.trim());
  }

  #draw() {
    const { state, details } = this.#connection;
    const { transport, id, bufferedAmount, numbers } = details;
    const parts = this.#parts;
    parts.status.dataset.state = document.body.dataset.state = state;
    parts.status.textContent = STATUS[state];
    parts.carrier.textContent = transport ? TRANSPORT[transport] : "–";
    parts.received.textContent = String(numbers.down.received);
    parts.sent.textContent = String(numbers.up.sent);
    parts.acknowledged.textContent = String(numbers.up.acknowledged);
    parts.buffered.textContent = toSize(bufferedAmount);
    parts.session.textContent = id ?? "–";
    const isClosed = state === "closed";
    parts.connect.textContent = isClosed ? "Connect" : "Disconnect";
    parts.connect.classList.toggle("outlined", !isClosed);
    parts.daemon.disabled = parts.transport.disabled = parts.token.disabled = !isClosed;
  }
}
