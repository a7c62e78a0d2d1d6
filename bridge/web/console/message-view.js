/** One entry in full: its particulars, and the message as a tree or as it came. */

import { toDuration, toSize, toTime, toVisible } from "./display.js";
import { chooseNext, chosenOf } from "./element.js";
import { MARKS } from "./entry.js";
import { outlineOf } from "./xml-outline.js";
import { foldAll, treeOf } from "./xml-tree.js";

/** @typedef {import("./entry.js").Entry} Entry */

/**
 * @typedef {object} Parts
 * @property {HTMLElement} pane
 * @property {HTMLElement} title
 * @property {HTMLElement} facts
 * @property {HTMLElement} form  the radio group of `tree` and `raw`
 * @property {HTMLButtonElement} fold
 * @property {HTMLElement} body
 */

// A page can show that much of one text without a pause.
const LONGEST_RAW = 256 * 1024;

export class MessageView {
  #parts;
  /** @type {Entry | null} */
  #entry = null;
  /** @type {HTMLElement | null} */
  #tree = null;
  #isFolded = false;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.form.addEventListener("change", () => this.#drawBody());
    parts.fold.addEventListener("click", () => this.fold());
  }

  /** @param {Entry | null} entry  `null` hides it */
  show(entry) {
    if (entry === this.#entry) return;
    this.#entry = entry;
    this.#parts.pane.hidden = entry === null;
    this.drawFacts();
    this.#drawBody();
  }

  /** They change while a message is on its way. */
  drawFacts() {
    if (!this.#entry) return;
    const { kind, number } = this.#entry;
    this.#parts.title.textContent =
      kind === "event" ? "Event" : `${kind === "sent" ? "↑ Sent" : "↓ Received"} #${number}`;
    this.#parts.facts.textContent = factsOf(this.#entry).join(" · ");
  }

  fold() {
    if (!this.#tree) return;
    this.#isFolded = !this.#isFolded;
    foldAll(this.#tree, !this.#isFolded);
    this.#parts.fold.textContent = this.#isFolded ? "Unfold all" : "Fold all";
  }

  changeForm() {
    chooseNext(this.#parts.form);
  }

  #drawBody() {
    if (!this.#entry) return;
    const { message, text } = this.#entry;
    const outline = message === null ? null : outlineOf(text);
    this.#parts.form.hidden = outline === null;
    this.#tree = outline && chosenOf(this.#parts.form) === "tree" ? treeOf(outline) : null;
    this.#isFolded = false;
    this.#parts.fold.textContent = "Fold all";
    this.#parts.fold.hidden = !this.#tree?.querySelector("details");
    this.#parts.body.replaceChildren(this.#tree ?? rawOf(text));
    this.#parts.body.scrollTop = 0;
  }
}

/** @param {Entry} entry */
function factsOf({ kind, atMs, bytes, mark, reason, acceptedMs, answeredMs }) {
  const facts = [toTime(atMs)];
  if (kind !== "event") facts.push(toSize(bytes));
  if (mark) facts.push(reason ? `${MARKS[mark]}: ${reason}` : MARKS[mark]);
  if (acceptedMs !== null) facts[facts.length - 1] += ` after ${toDuration(acceptedMs)}`;
  if (answeredMs !== null) facts.push(`next message after ${toDuration(answeredMs)}`);
  return facts;
}

/** @param {string} text */
function rawOf(text) {
  const raw = document.createElement("pre");
  raw.textContent = toVisible(text, LONGEST_RAW);
  return raw;
}
