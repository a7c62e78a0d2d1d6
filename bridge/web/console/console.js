/** The page at the bridge's own address: connect to a daemon, send it messages, watch both ways. */

import { Connection } from "./connection.js";
import { toSize } from "./display.js";
import { chooseNext, chosenOf, element } from "./element.js";
import { Help } from "./help.js";
import { Journal } from "./journal.js";
import { LatencyPlot } from "./latency-plot.js";
import { Latency } from "./latency.js";
import { MessageList } from "./message-list.js";
import { MessageView } from "./message-view.js";
import { ScenarioBar } from "./scenario-bar.js";
import { listen } from "./shortcuts.js";
import { changeTheme, theme } from "./theme.js";
import { View } from "./view.js";

/** @typedef {import("../client/route.js").Transport} Transport */
/** @typedef {import("./connection.js").Daemon} Daemon */

// The daemon that the bridge brings along; the examples on the page are in its language.
const DEMO = "demo";
const PHONE = "(max-width: 44rem)";

const STATUS = {
  connecting: "Connecting",
  open: "Connected",
  resuming: "Resuming",
  closed: "Not connected",
};
const THEME_SIGNS = { system: "◐", light: "☀", dark: "☾" };
const TRANSPORT = { websocket: "WebSocket", "long-poll": "Long-polling" };

const page = {
  status: element("status", HTMLElement),
  theme: element("theme", HTMLButtonElement),
  connection: element("connection", HTMLFormElement),
  daemon: element("daemon", HTMLSelectElement),
  transport: element("transport", HTMLSelectElement),
  token: element("token", HTMLInputElement),
  connect: element("connect", HTMLButtonElement),
  measures: element("measures", HTMLDetailsElement),
  carrier: element("carrier", HTMLElement),
  received: element("received", HTMLElement),
  sent: element("sent", HTMLElement),
  acknowledged: element("acknowledged", HTMLElement),
  buffered: element("buffered", HTMLElement),
  session: element("session", HTMLElement),
  search: element("search", HTMLInputElement),
  direction: element("direction", HTMLElement),
  kind: element("kind", HTMLElement),
  count: element("count", HTMLElement),
  clear: element("clear", HTMLButtonElement),
  list: element("journal", HTMLElement),
  welcome: element("welcome", HTMLElement),
  nothing: element("nothing", HTMLElement),
  pane: element("message-pane", HTMLElement),
  title: element("message-title", HTMLElement),
  again: element("again", HTMLButtonElement),
  close: element("message-close", HTMLButtonElement),
  composer: element("composer", HTMLFormElement),
  examples: element("examples", HTMLElement),
  message: element("message", HTMLTextAreaElement),
  send: element("send", HTMLButtonElement),
  announcement: element("announcement", HTMLElement),
};

const journal = new Journal();
const connection = new Connection(journal);
const view = new View(journal, redraw);
const latency = new Latency();
journal.tell(latency);
// Events are read out as they come; messages are read in the list, or nobody could listen.
journal.tell({
  added: ({ kind, text }) => kind === "event" && (page.announcement.textContent = text),
  changed() {},
  removed() {},
  cleared() {},
});

const list = new MessageList(
  view,
  page.list,
  element("entry", HTMLTemplateElement),
  element("latest", HTMLButtonElement),
);
const messageView = new MessageView({
  pane: page.pane,
  title: page.title,
  facts: element("facts", HTMLElement),
  form: element("form", HTMLElement),
  fold: element("fold", HTMLButtonElement),
  body: element("body", HTMLElement),
});
const plot = new LatencyPlot(latency, element("plot", SVGSVGElement), {
  answered: element("answered", HTMLElement),
  accepted: element("accepted", HTMLElement),
});
const help = new Help({
  dialog: element("help", HTMLDialogElement),
  keys: element("shortcuts", HTMLElement),
  letters: element("letters", HTMLInputElement),
  open: element("help-button", HTMLButtonElement),
  close: element("help-close", HTMLButtonElement),
});
new ScenarioBar(journal, connection, {
  save: element("save", HTMLButtonElement),
  open: element("open", HTMLButtonElement),
  file: element("file", HTMLInputElement),
  bar: element("scenario", HTMLElement),
  title: element("scenario-title", HTMLElement),
  atOnce: element("at-once", HTMLInputElement),
  play: element("play", HTMLButtonElement),
  close: element("scenario-close", HTMLButtonElement),
});

/** @type {Daemon[]} */
let daemons = [];
let isDrawDue = false;

async function loadDaemons() {
  try {
    const response = await fetch("v1/daemons", { cache: "no-store" });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    ({ daemons } = await response.json());
  } catch (error) {
    return journal.note(`The list of daemons could not be loaded: ${error}`, "bad");
  }
  page.daemon.replaceChildren(...daemons.map(({ name }) => new Option(name)));
  page.connect.disabled = daemons.length === 0;
  if (daemons.length === 0) journal.note("This bridge has no daemons configured.", "bad");
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
  connection.open(daemon, transports, page.token.value.trim());
}

// Messages come by the hundred: what has changed is drawn with the next frame.
function redraw() {
  if (isDrawDue) return;
  isDrawDue = true;
  requestAnimationFrame(() => {
    isDrawDue = false;
    draw();
  });
}

function draw() {
  page.welcome.hidden = journal.entries.length > 0;
  page.nothing.hidden = journal.entries.length === 0 || view.entries.length > 0;
  page.count.textContent = countInWords();
  list.draw();
  messageView.drawFacts();
  if (page.measures.open) plot.draw();
}

function countInWords() {
  const shown = view.entries.length.toLocaleString("en");
  const all = journal.entries.length.toLocaleString("en");
  const count = shown === all ? `${all} in the list` : `${shown} of ${all}`;
  if (journal.dropped === 0) return count;
  return `${count}, ${journal.dropped.toLocaleString("en")} older dropped`;
}

function drawConnection() {
  const { state, details } = connection;
  const { transport, id, bufferedAmount, numbers } = details;
  page.status.dataset.state = document.body.dataset.state = state;
  page.status.textContent = STATUS[state];
  page.carrier.textContent = transport ? TRANSPORT[transport] : "–";
  page.received.textContent = String(numbers?.down.received ?? 0);
  page.sent.textContent = String(numbers?.up.sent ?? 0);
  page.acknowledged.textContent = String(numbers?.up.acknowledged ?? 0);
  page.buffered.textContent = toSize(bufferedAmount);
  page.session.textContent = id ?? "–";
  page.connect.textContent = state === "closed" ? "Connect" : "Disconnect";
  page.connect.classList.toggle("outlined", state !== "closed");
  page.daemon.disabled = page.transport.disabled = page.token.disabled = state !== "closed";
  page.send.disabled = !connection.isOpen;
}

function send() {
  if (!connection.isOpen) return;
  try {
    connection.send(page.message.value);
    page.message.select();
  } catch (error) {
    journal.note(`Not sent: ${error instanceof Error ? error.message : error}`, "bad");
  }
}

function filter() {
  view.filter({
    text: page.search.value.trim(),
    direction: /** @type {any} */ (chosenOf(page.direction)),
    kind: /** @type {any} */ (chosenOf(page.kind)),
  });
  list.follow();
}

function nextTheme() {
  changeTheme();
  showTheme();
}

function showTheme() {
  page.theme.textContent = THEME_SIGNS[theme()];
  page.theme.title = page.theme.ariaLabel = `Theme: ${theme()}`;
}

function closeMessage() {
  list.choose(null);
  page.list.focus();
}

page.connection.addEventListener("submit", (event) => {
  event.preventDefault();
  if (connection.state === "closed") connect();
  else connection.close();
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
page.clear.addEventListener("click", () => {
  list.choose(null);
  journal.clear();
  list.follow();
});
page.search.addEventListener("input", filter);
page.direction.addEventListener("change", filter);
page.kind.addEventListener("change", filter);
page.daemon.addEventListener("change", suit);
page.theme.addEventListener("click", nextTheme);
page.measures.addEventListener("toggle", redraw);

list.addEventListener("choose", () => messageView.show(list.chosen));
list.addEventListener("read", () => page.title.focus());
page.close.addEventListener("click", closeMessage);
page.again.addEventListener("click", () => {
  page.message.value = list.chosen?.text ?? "";
  page.message.focus();
});
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && list.chosen && !help.isOpen) closeMessage();
});

connection.addEventListener("change", () => {
  drawConnection();
  redraw();
});
connection.addEventListener("open", () => page.message.focus());

listen(
  {
    "/": () => page.search.focus(),
    m: () => page.message.focus(),
    l: () => page.list.focus(),
    d: () => chooseNext(page.direction),
    e: () => chooseNext(page.kind),
    r: () => messageView.changeForm(),
    f: () => messageView.fold(),
    t: nextTheme,
    "?": () => help.show(),
  },
  () => help.areLettersOn,
);

showTheme();
page.measures.open = !matchMedia(PHONE).matches;
void loadDaemons();
