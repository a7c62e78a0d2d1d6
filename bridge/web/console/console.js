/** The page at the bridge's own address: connect to a daemon, send it messages, watch both ways. */

import { Composer } from "./composer.js";
import { ConnectionBar } from "./connection-bar.js";
import { Connection } from "./connection.js";
import { asText } from "./display.js";
import { element } from "./element.js";
import { FilterBar } from "./filter-bar.js";
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

// The daemon that the bridge brings along; the examples on the page are in its language.
const DEMO = "demo";
const PHONE = "(max-width: 44rem)";
const THEME_SIGNS = { system: "◐", light: "☀", dark: "☾" };

const page = {
  theme: element("theme", HTMLButtonElement),
  measures: element("measures", HTMLDetailsElement),
  clear: element("clear", HTMLButtonElement),
  list: element("journal", HTMLElement),
  welcome: element("welcome", HTMLElement),
  nothing: element("nothing", HTMLElement),
  title: element("message-title", HTMLElement),
  again: element("again", HTMLButtonElement),
  close: element("message-close", HTMLButtonElement),
  announcement: element("announcement", HTMLElement),
};

const journal = new Journal();
const connection = new Connection(journal);
const view = new View(journal, redraw);
const latency = new Latency();
const bar = new ConnectionBar(connection, journal);
const composer = new Composer(connection, journal);
const filter = new FilterBar(journal, view);
const list = new MessageList(
  view,
  page.list,
  element("entry", HTMLTemplateElement),
  element("latest", HTMLButtonElement),
);
const messageView = new MessageView({
  pane: element("message-pane", HTMLElement),
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

journal.tell(latency);
// Events are read out as they come; messages are read in the list, or nobody could listen.
journal.tell({
  added: ({ kind, text }) => kind === "event" && (page.announcement.textContent = text),
  changed() {},
  removed() {},
  cleared() {},
});

let isDrawDue = false;

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
  filter.draw();
  list.draw();
  messageView.drawFacts();
  if (page.measures.open) plot.draw();
}

/** What could be sent again; bytes that are no text cannot be written. */
function textOfChosen() {
  const message = list.chosen?.message ?? null;
  return message === null ? null : asText(message);
}

function closeMessage() {
  list.choose(null);
  page.list.focus();
}

function nextTheme() {
  changeTheme();
  showTheme();
}

function showTheme() {
  page.theme.textContent = THEME_SIGNS[theme()];
  page.theme.title = page.theme.ariaLabel = `Theme: ${theme()}`;
}

connection.addEventListener("change", redraw);
bar.addEventListener("choose", () => composer.suggest(bar.daemon === DEMO));
filter.addEventListener("filter", () => list.follow());
list.addEventListener("choose", () => {
  messageView.show(list.chosen);
  page.again.hidden = textOfChosen() === null;
});
list.addEventListener("read", () => page.title.focus());
page.close.addEventListener("click", closeMessage);
page.again.addEventListener("click", () => composer.write(textOfChosen() ?? ""));
page.clear.addEventListener("click", () => {
  list.choose(null);
  journal.clear();
  list.follow();
});
page.theme.addEventListener("click", nextTheme);
page.measures.addEventListener("toggle", redraw);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && list.chosen && !help.isOpen) closeMessage();
});
listen(
  {
    "/": () => filter.focus(),
    m: () => composer.focus(),
    l: () => page.list.focus(),
    d: () => filter.nextDirection(),
    e: () => filter.nextKind(),
    r: () => messageView.changeForm(),
    f: () => messageView.fold(),
    t: nextTheme,
    "?": () => help.show(),
  },
  () => help.areLettersOn,
);

showTheme();
page.measures.open = !matchMedia(PHONE).matches;
void bar.load();
