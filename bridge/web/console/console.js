/** The page at the bridge's own address: connect to a daemon, send it messages, watch both ways. */

import { toSize } from "./display.js";
import { Journal } from "./journal.js";
import { XMLSocket } from "../xmlsocket.js";

/** @typedef {import("../client/route.js").Transport} Transport */
/** @typedef {{ name: string, messages: "xml" | "text" | "bytes", aliases: string[] }} Daemon */

// The daemon that the bridge brings along; the examples on the page are in its language.
const DEMO = "demo";

const STATUS = {
  connecting: "Connecting",
  open: "Connected",
  resuming: "Resuming",
  closed: "Not connected",
};
const TRANSPORT = { websocket: "WebSocket", "long-poll": "Long-polling" };

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`the page has no ${type.name} #${id}`);
  return found;
}

const page = {
  status: element("status", HTMLElement),
  connection: element("connection", HTMLFormElement),
  daemon: element("daemon", HTMLSelectElement),
  transport: element("transport", HTMLSelectElement),
  connect: element("connect", HTMLButtonElement),
  carrier: element("carrier", HTMLElement),
  received: element("received", HTMLElement),
  sent: element("sent", HTMLElement),
  acknowledged: element("acknowledged", HTMLElement),
  buffered: element("buffered", HTMLElement),
  session: element("session", HTMLElement),
  welcome: element("welcome", HTMLElement),
  composer: element("composer", HTMLFormElement),
  examples: element("examples", HTMLElement),
  message: element("message", HTMLTextAreaElement),
  clear: element("clear", HTMLButtonElement),
  send: element("send", HTMLButtonElement),
};

const journal = new Journal(
  element("journal", HTMLOListElement),
  element("entry", HTMLTemplateElement),
  element("latest", HTMLButtonElement),
);

/** @type {XMLSocket | null} */
let current = null;
/** @type {Daemon[]} */
let daemons = [];

async function loadDaemons() {
  try {
    const response = await fetch("v1/daemons", { cache: "no-store" });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    ({ daemons } = await response.json());
  } catch (error) {
    return note(`The list of daemons could not be loaded: ${error}`, "bad");
  }
  page.daemon.replaceChildren(...daemons.map(({ name }) => new Option(name)));
  page.connect.disabled = daemons.length === 0;
  if (daemons.length === 0) note("This bridge has no daemons configured.", "bad");
  suit();
}

/** Suits the examples to the daemon chosen. */
function suit() {
  const isDemo = page.daemon.value === DEMO;
  page.examples.hidden = !isDemo;
  const [first] = page.examples.getElementsByTagName("button");
  if (isDemo && page.message.value === "") page.message.value = first.textContent ?? "";
}

function connect() {
  const daemon = daemons.find(({ name }) => name === page.daemon.value);
  if (!daemon) return;
  const transports = /** @type {Transport[]} */ (page.transport.value.split(" "));
  // Messages are shown as they came, so that XML need not be parsed.
  const messages = daemon.messages === "bytes" ? "bytes" : "text";
  current = new XMLSocket({ transports, messages });
  listen(current, daemon.name);
  current.connect(daemon.name);
}

function disconnect() {
  current?.close();
  note("Disconnected");
}

/**
 * @param {XMLSocket} socket
 * @param {string} name
 */
function listen(socket, name) {
  let previous = "";
  socket.addEventListener("state", () => {
    // One that was closed may still be delivering what was sent, while the next is open already.
    if (socket !== current) return;
    const change = `${previous} ${socket.state}`;
    if (change === "open resuming") note("Connection broken, resuming", "bad");
    if (change === "resuming open") note("Resumed, nothing was lost", "good");
    previous = socket.state;
    show(socket);
  });
  socket.addEventListener("connect", () => {
    note(`Connected to ${name}`, "good");
    page.message.focus();
  });
  socket.addEventListener("data", (/** @type {any} */ { data, number }) => {
    page.welcome.hidden = true;
    journal.received(data, number);
  });
  socket.addEventListener("error", (/** @type {any} */ { code, detail, number }) => {
    const reason = detail ? `${code}, ${detail}` : code;
    if (number === null) note(`Failed: ${reason}`, "bad");
    else journal.refused(number, reason);
  });
  socket.addEventListener("close", (/** @type {any} */ { code, detail }) => {
    note(detail ? `Closed: ${code}, ${detail}` : `Closed: ${code}`);
  });
}

/** @param {XMLSocket} socket */
function show({ state, transport, numbers, bufferedAmount, connected, id }) {
  page.status.dataset.state = state;
  page.status.textContent = STATUS[state];
  page.carrier.textContent = transport ? TRANSPORT[transport] : "–";
  page.received.textContent = String(numbers.down.received);
  page.sent.textContent = String(numbers.up.sent);
  page.acknowledged.textContent = String(numbers.up.acknowledged);
  page.buffered.textContent = toSize(bufferedAmount);
  page.session.textContent = id ?? "–";
  page.connect.textContent = state === "closed" ? "Connect" : "Disconnect";
  page.connect.classList.toggle("outlined", state !== "closed");
  page.daemon.disabled = page.transport.disabled = state !== "closed";
  page.send.disabled = !connected;
  journal.acknowledged(numbers.up.acknowledged);
  if (state === "closed") journal.ended();
}

function send() {
  if (!current?.connected) return;
  try {
    const text = page.message.value;
    const number = current.send(text);
    page.welcome.hidden = true;
    journal.sent(text, number);
    page.message.select();
  } catch (error) {
    note(`Not sent: ${error instanceof Error ? error.message : error}`, "bad");
  }
}

/**
 * @param {string} text
 * @param {"good" | "bad" | "plain"} [mood]
 */
function note(text, mood) {
  page.welcome.hidden = true;
  journal.note(text, mood);
}

page.connection.addEventListener("submit", (event) => {
  event.preventDefault();
  if (current && current.state !== "closed") disconnect();
  else connect();
});
page.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
page.message.addEventListener("keydown", (event) => {
  // While an input method composes a character, Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  page.composer.requestSubmit(page.send.disabled ? null : page.send);
});
page.examples.addEventListener("click", ({ target }) => {
  if (!(target instanceof HTMLButtonElement)) return;
  page.message.value = target.textContent ?? "";
  page.message.focus();
});
page.clear.addEventListener("click", () => journal.clear());
page.daemon.addEventListener("change", suit);

void loadDaemons();
