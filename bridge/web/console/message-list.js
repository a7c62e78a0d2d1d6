/**
 * The list of entries on the page. Only the rows in sight are there, so that thousands cost nothing;
 * each is as high as any other, and `aria-setsize` tells how many there are.
 */

import { MARKS } from "./entry.js";
import { toSize, toTime, toVisible } from "./display.js";

/** @typedef {import("./entry.js").Entry} Entry */

// Within this distance of the end, the list is taken to be followed.
const NEAR_END_PX = 40;
// Rows above and below those in sight, for scrolling to find them there.
const SPARE_ROWS = 6;
// More than a row has room for on any screen.
const LONGEST_SHOWN = 400;

const ARROWS = { received: ["↓", "received"], sent: ["↑", "sent"], event: ["", ""] };

export class MessageList extends EventTarget {
  /** @type {Entry | null} */
  chosen = null;

  #view;
  #list;
  #rows;
  #template;
  #latest;
  #isFollowed = true;
  #dropped = 0;
  /** @type {Map<Entry, HTMLElement>} */
  #shown = new Map();

  /**
   * Tells `choose` when another entry is chosen, and `read` when it shall be read.
   *
   * @param {import("./view.js").View} view
   * @param {HTMLElement} list  scrolls, and has the rows in its only child
   * @param {HTMLTemplateElement} template  of one row
   * @param {HTMLButtonElement} latest  leads to the end of the list
   */
  constructor(view, list, template, latest) {
    super();
    this.#view = view;
    this.#list = list;
    this.#rows = /** @type {HTMLElement} */ (list.firstElementChild);
    this.#template = template;
    this.#latest = latest;
    list.addEventListener("scroll", () => this.#look());
    list.addEventListener("keydown", (event) => this.#press(event));
    list.addEventListener("click", (event) => this.#click(event));
    latest.addEventListener("click", () => this.follow());
    new ResizeObserver(() => this.draw()).observe(list);
  }

  /** Draws what has changed; for a whole frame's changes once. */
  draw() {
    const { entries, dropped } = this.#view;
    const rowPx = this.#rowPx();
    this.#rows.style.height = `${entries.length * rowPx}px`;
    if (this.#isFollowed) this.#list.scrollTop = this.#list.scrollHeight;
    // What was dropped was above: what is being read stays where it is.
    else if (dropped > this.#dropped) this.#list.scrollTop -= (dropped - this.#dropped) * rowPx;
    this.#dropped = dropped;
    this.#place(rowPx);
  }

  /** Goes to the latest entry, and on with those to come. */
  follow() {
    this.#isFollowed = true;
    this.#latest.hidden = true;
    this.draw();
  }

  /** @param {Entry | null} entry  `null`: none */
  choose(entry) {
    this.chosen = entry;
    this.draw();
    this.dispatchEvent(new Event("choose"));
  }

  /** @param {number} rowPx */
  #place(rowPx) {
    const { entries } = this.#view;
    const first = Math.max(0, Math.floor(this.#list.scrollTop / rowPx) - SPARE_ROWS);
    const count = Math.ceil(this.#list.clientHeight / rowPx) + 2 * SPARE_ROWS;
    const wanted = entries.slice(first, first + count);
    const shown = new Map(wanted.map((entry) => [entry, this.#shown.get(entry) ?? this.#row(entry)]));
    for (const [entry, row] of this.#shown) if (!shown.has(entry)) row.remove();
    let index = first;
    for (const [entry, row] of shown) {
      row.style.transform = `translateY(${index * rowPx}px)`;
      this.#update(entry, row, index);
      index += 1;
    }
    this.#shown = shown;
    // In the order in which they are seen, for those who do not see it.
    const rows = [...shown.values()];
    if (rows.some((row, at) => this.#rows.children[at] !== row)) this.#rows.replaceChildren(...rows);
    this.#tellChosen();
  }

  #tellChosen() {
    const row = this.chosen && this.#shown.get(this.chosen);
    if (row) this.#list.setAttribute("aria-activedescendant", row.id);
    else this.#list.removeAttribute("aria-activedescendant");
  }

  /** What never changes of a row. @param {Entry} entry */
  #row(entry) {
    const copy = /** @type {DocumentFragment} */ (this.#template.content.cloneNode(true));
    const row = /** @type {HTMLElement} */ (copy.firstElementChild);
    const [arrow, direction] = ARROWS[entry.kind];
    row.id = `entry-${entry.place}`;
    row.className = `entry ${entry.kind}`;
    if (entry.mood) row.dataset.mood = entry.mood;
    part(row, ".arrow").textContent = arrow;
    part(row, ".direction").textContent = direction;
    part(row, ".time").textContent = toTime(entry.atMs);
    part(row, "code").textContent = toVisible(entry.text, LONGEST_SHOWN);
    if (entry.kind === "event") return row;
    part(row, ".number").textContent = `#${entry.number}`;
    part(row, ".size").textContent = toSize(entry.bytes);
    return row;
  }

  /**
   * @param {Entry} entry
   * @param {HTMLElement} row
   * @param {number} index
   */
  #update(entry, row, index) {
    row.setAttribute("aria-posinset", String(index + 1));
    row.setAttribute("aria-setsize", String(this.#view.entries.length));
    row.setAttribute("aria-selected", String(entry === this.chosen));
    if (entry.mark === null || row.dataset.mark === entry.mark) return;
    row.dataset.mark = entry.mark;
    part(row, ".mark").textContent = MARKS[entry.mark];
  }

  // The style sheet says how high a row is, and it depends on the width.
  #rowPx() {
    return parseFloat(getComputedStyle(this.#rows).getPropertyValue("line-height"));
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    this.#isFollowed = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#latest.hidden = this.#isFollowed;
    this.#place(this.#rowPx());
  }

  /** @param {MouseEvent} event */
  #click({ target }) {
    for (const [entry, row] of this.#shown) {
      if (row.contains(/** @type {Node} */ (target))) return this.choose(entry);
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { entries } = this.#view;
    const at = this.chosen ? this.#view.indexOf(this.chosen) : -1;
    const page = Math.max(1, Math.floor(this.#list.clientHeight / this.#rowPx()) - 1);
    const last = entries.length - 1;
    /** @type {Record<string, number>} */
    const goals = {
      ArrowDown: at < 0 ? last : at + 1,
      ArrowUp: at < 0 ? last : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    if (event.key === "Enter" && at >= 0) this.dispatchEvent(new Event("read"));
    else if (event.key in goals && last >= 0) this.#goTo(Math.min(Math.max(goals[event.key], 0), last));
    else return;
    event.preventDefault();
  }

  /** @param {number} index */
  #goTo(index) {
    const rowPx = this.#rowPx();
    const { scrollTop, clientHeight } = this.#list;
    const top = index * rowPx;
    this.#list.scrollTop = Math.min(Math.max(scrollTop, top + rowPx - clientHeight), top);
    this.#isFollowed = index === this.#view.entries.length - 1;
    this.choose(this.#view.entries[index]);
  }
}

/**
 * @param {HTMLElement} row
 * @param {string} selector
 */
function part(row, selector) {
  return /** @type {HTMLElement} */ (row.querySelector(selector));
}
