/** The dialog that lists the keys, and the switch for those that are single letters. */

import { recall, remember } from "./memory.js";
import { SHORTCUTS } from "./shortcuts.js";

const NAME = "letters";

/**
 * @typedef {object} Parts
 * @property {HTMLDialogElement} dialog
 * @property {HTMLElement} keys
 * @property {HTMLInputElement} letters
 * @property {HTMLButtonElement} open
 * @property {HTMLButtonElement} close
 */

export class Help {
  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.keys.replaceChildren(...SHORTCUTS.map(rowOf));
    parts.letters.checked = recall(NAME) !== "off";
    parts.letters.addEventListener("change", () => {
      remember(NAME, parts.letters.checked ? "on" : "off");
    });
    parts.open.addEventListener("click", () => this.show());
    parts.close.addEventListener("click", () => parts.dialog.close());
  }

  get isOpen() {
    return this.#parts.dialog.open;
  }

  get areLettersOn() {
    return this.#parts.letters.checked;
  }

  show() {
    this.#parts.dialog.showModal();
  }
}

/** @param {import("./shortcuts.js").Shortcut} shortcut */
function rowOf({ shown, does }) {
  const row = document.createElement("div");
  const keys = document.createElement("dt");
  for (const key of shown.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    keys.append(cap);
  }
  const meaning = document.createElement("dd");
  meaning.textContent = does;
  row.append(keys, meaning);
  return row;
}
