/** What is sought in the list, and how much of it there is. */

import { chooseNext, chosenOf, element } from "./element.js";

/** Tells `filter` when something else is wanted. */
export class FilterBar extends EventTarget {
  #journal;
  #view;
  #search = element("search", HTMLInputElement);
  #direction = element("direction", HTMLElement);
  #kind = element("kind", HTMLElement);
  #count = element("count", HTMLElement);

  /**
   * @param {import("./journal.js").Journal} journal
   * @param {import("./view.js").View} view
   */
  constructor(journal, view) {
    super();
    this.#journal = journal;
    this.#view = view;
    this.#search.addEventListener("input", () => this.#filter());
    this.#direction.addEventListener("change", () => this.#filter());
    this.#kind.addEventListener("change", () => this.#filter());
  }

  focus() {
    this.#search.focus();
  }

  nextDirection() {
    chooseNext(this.#direction);
  }

  nextKind() {
    chooseNext(this.#kind);
  }

  draw() {
    const shown = this.#view.entries.length.toLocaleString("en");
    const all = this.#journal.entries.length.toLocaleString("en");
    const { dropped } = this.#journal;
    const count = shown === all ? `${all} in the list` : `${shown} of ${all}`;
    const rest = dropped > 0 ? `, ${dropped.toLocaleString("en")} older dropped` : "";
    this.#count.textContent = count + rest;
  }

  #filter() {
    this.#view.filter({
      text: this.#search.value.trim(),
      direction: /** @type {any} */ (chosenOf(this.#direction)),
      kind: /** @type {any} */ (chosenOf(this.#kind)),
    });
    this.dispatchEvent(new Event("filter"));
  }
}
