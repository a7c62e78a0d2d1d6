/** The connection to a daemon, and what becomes of it, written into the journal. */

import { XMLSocket } from "../xmlsocket.js";

/** @typedef {import("../client/route.js").Transport} Transport */
/** @typedef {import("../client/framing.js").Message} Message */
/** @typedef {{ name: string, messages: "xml" | "text" | "bytes", aliases: string[] }} Daemon */

const NONE = { down: { received: 0 }, up: { sent: 0, acknowledged: 0 } };

/** Tells `change` when anything about it is different, and `open` once one can send. */
export class Connection extends EventTarget {
  /** The daemon it leads to, or led to last. */
  name = "";

  /** @type {XMLSocket | null} */
  #socket = null;
  #journal;

  /** @param {import("./journal.js").Journal} journal */
  constructor(journal) {
    super();
    this.#journal = journal;
  }

  get state() {
    return this.#socket?.state ?? "closed";
  }

  get isOpen() {
    return this.#socket?.connected ?? false;
  }

  get details() {
    const { transport = null, id = null, bufferedAmount = 0, numbers = NONE } = this.#socket ?? {};
    return { transport, id, bufferedAmount, numbers };
  }

  /**
   * @param {Daemon} daemon
   * @param {Transport[]} transports
   * @param {string} token  what the bridge asks for where it asks who one is; empty for none
   */
  open({ name, messages }, transports, token) {
    this.name = name;
    // Messages are shown as they came, so that XML need not be parsed.
    const kind = messages === "bytes" ? "bytes" : "text";
    this.#socket = new XMLSocket({ transports, messages: kind, ...(token && { token }) });
    this.#listen(this.#socket);
    this.#socket.connect(name);
  }

  close() {
    this.#socket?.close();
    this.#journal.note("Disconnected", "close");
  }

  /** @param {Message} message  @throws {Error} when it cannot be sent */
  send(message) {
    if (!this.#socket?.connected) throw new Error("not connected");
    this.#journal.sent(message, this.#socket.send(message));
  }

  /** @param {XMLSocket} socket */
  #listen(socket) {
    let previous = "";
    // One that was closed may still be delivering what was sent, while the next is open already.
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ heard) =>
      socket.addEventListener(type, (event) => socket === this.#socket && heard(event));
    on("state", () => {
      this.#noteChange(previous, socket.state);
      previous = socket.state;
      this.#journal.acknowledged(socket.numbers.up.acknowledged);
      if (previous === "closed") this.#journal.ended();
      this.dispatchEvent(new Event("change"));
    });
    on("connect", () => {
      this.#journal.note(`Connected to ${this.name}`, "good");
      this.dispatchEvent(new Event("open"));
    });
    on("data", ({ data, number }) => this.#journal.received(data, number));
    on("busy", (event) => {
      const note = `Not yet: ${cause(event)}; trying again in ${event.retryAfterS} s`;
      this.#journal.note(note, "bad");
    });
    on("error", (event) => {
      if (event.number === null) this.#journal.note(`Failed: ${cause(event)}`, "bad");
      else this.#journal.refused(event.number, cause(event));
    });
    on("close", (event) => this.#journal.note(`Closed: ${cause(event)}`, "close"));
  }

  /**
   * @param {string} before
   * @param {string} after
   */
  #noteChange(before, after) {
    const change = `${before} ${after}`;
    if (change === "open resuming") this.#journal.note("Connection broken, resuming", "bad");
    if (change === "resuming open") this.#journal.note("Resumed, nothing was lost", "good");
  }
}

/** @param {{ code: string, detail: string }} event */
const cause = ({ code, detail }) => (detail ? `${code}, ${detail}` : code);
