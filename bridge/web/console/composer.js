/** Where messages are written. */

import { element } from "./element.js";
import { reason } from "./reason.js";

export class Composer {
  #connection;
  #journal;
  #form = element("composer", HTMLFormElement);
  #examples = element("examples", HTMLElement);
  #message = element("message", HTMLTextAreaElement);
  #send = element("send", HTMLButtonElement);

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {import("./journal.js").Journal} journal
   */
  constructor(connection, journal) {
    this.#connection = connection;
    this.#journal = journal;
    connection.addEventListener("change", () => (this.#send.disabled = !connection.isOpen));
    connection.addEventListener("open", () => this.focus());
    this.#message.addEventListener("keydown", (event) => this.#press(event));
    this.#examples.addEventListener("click", ({ target }) => {
      if (target instanceof HTMLButtonElement) this.write(target.textContent ?? "");
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (connection.isOpen) this.#submit();
    });
  }

  /** @param {boolean} areWanted  whether the examples suit the daemon */
  suggest(areWanted) {
    this.#examples.hidden = !areWanted;
    const [first] = this.#examples.getElementsByTagName("button");
    if (areWanted && this.#message.value === "") this.#message.value = first.textContent ?? "";
  }

  /** Puts a text there, to be sent or changed. @param {string} text */
  write(text) {
    this.#message.value = text;
    this.focus();
  }

  focus() {
    this.#message.focus();
  }

  #submit() {
    try {
      this.#connection.send(this.#message.value);
      this.#message.select();
    } catch (error) {
      this.#journal.note(`Not sent: ${reason(error)}`, "bad");
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit(this.#send.disabled ? null : this.#send);
  }
}
