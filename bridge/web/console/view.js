/** The entries that are shown: those of a journal that a filter lets through, kept up to date. Pure. */

import { ALL, filterOf } from "./filter.js";

/** @typedef {import("./entry.js").Entry} Entry */
/** @typedef {import("./journal.js").Reader} Reader */

/** @implements {Reader} */
export class View {
  /** @type {Entry[]} oldest first */
  entries = [];
  /** How many of those shown the journal has dropped since the filter was set. */
  dropped = 0;

  #journal;
  #filter = filterOf(ALL);
  #onChange;

  /**
   * @param {import("./journal.js").Journal} journal
   * @param {() => void} onChange
   */
  constructor(journal, onChange) {
    this.#journal = journal;
    this.#onChange = onChange;
    journal.tell(this);
  }

  /** @param {import("./filter.js").Wish} wish */
  filter(wish) {
    this.#filter = filterOf(wish);
    this.#all();
  }

  /** @param {Entry} entry */
  added(entry) {
    if (this.#filter(entry)) this.entries.push(entry);
    this.#onChange();
  }

  /** A message that is refused may have been hidden until then. @param {Entry} entry */
  changed(entry) {
    const isShown = this.indexOf(entry) >= 0;
    if (isShown !== this.#filter(entry)) this.#all();
    else this.#onChange();
  }

  /** @param {Entry} entry */
  removed({ place }) {
    if (this.entries[0]?.place !== place) return;
    this.entries.shift();
    this.dropped += 1;
  }

  cleared() {
    this.#all();
  }

  /** Where it is among those shown, -1 if it is not. @param {Entry} entry */
  indexOf({ place }) {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].place < place) low = middle + 1;
      else high = middle;
    }
    return this.entries[low]?.place === place ? low : -1;
  }

  #all() {
    this.entries = this.#journal.entries.filter(this.#filter);
    this.dropped = 0;
    this.#onChange();
  }
}
