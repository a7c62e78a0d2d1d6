/** Saving what was sent, and sending it again. */

import { toCount } from "./display.js";
import { reason } from "./reason.js";
import { Replay } from "./replay.js";
import { MOST_FILE_BYTES, readScenario, scenarioOf, writeScenario } from "./scenario.js";

/**
 * @typedef {object} Parts
 * @property {HTMLButtonElement} save
 * @property {HTMLButtonElement} open
 * @property {HTMLInputElement} file
 * @property {HTMLElement} bar  is there as long as a scenario is
 * @property {HTMLElement} title
 * @property {HTMLInputElement} atOnce
 * @property {HTMLButtonElement} play  starts and stops
 * @property {HTMLButtonElement} close
 */

export class ScenarioBar {
  #journal;
  #connection;
  #parts;
  /** @type {import("./scenario.js").Scenario | null} */
  #scenario = null;
  /** @type {Replay | null} */
  #replay = null;
  #name = "";
  #sent = 0;

  /**
   * @param {import("./journal.js").Journal} journal
   * @param {import("./connection.js").Connection} connection
   * @param {Parts} parts
   */
  constructor(journal, connection, parts) {
    this.#journal = journal;
    this.#connection = connection;
    this.#parts = parts;
    parts.save.addEventListener("click", () => this.#save());
    parts.open.addEventListener("click", () => parts.file.click());
    parts.file.addEventListener("change", () => void this.#open());
    parts.play.addEventListener("click", () => (this.#replay ? this.#stop() : this.#play()));
    parts.close.addEventListener("click", () => this.#close());
    connection.addEventListener("change", () => this.#draw());
  }

  #save() {
    const scenario = scenarioOf(this.#journal.entries, this.#connection.name);
    const count = scenario.messages.length;
    if (count === 0) return this.#journal.note("Nothing was sent yet that could be saved");
    download(`${this.#connection.name}.scenario.json`, writeScenario(scenario));
    const rest = this.#journal.dropped > 0 ? "; what the list has dropped is not in it" : "";
    this.#journal.note(`Saved a scenario of ${toCount(count, "message")}${rest}`);
  }

  async #open() {
    const [file] = this.#parts.file.files ?? [];
    if (!file) return;
    try {
      if (file.size > MOST_FILE_BYTES) throw new TypeError("the file is too large");
      this.#scenario = readScenario(await file.text());
      this.#name = file.name;
      this.#stop();
      this.#parts.bar.hidden = false;
      this.#draw();
      this.#parts.play.focus();
    } catch (error) {
      this.#journal.note(`Not opened, ${file.name}: ${reason(error)}`, "bad");
    } finally {
      // So that the same file can be chosen again.
      this.#parts.file.value = "";
    }
  }

  #play() {
    if (!this.#scenario) return;
    this.#journal.note(`Replaying ${this.#name}`);
    this.#replay = new Replay(this.#scenario, !this.#parts.atOnce.checked, {
      send: (message) => this.#connection.send(message),
      progressed: (sent) => {
        this.#sent = sent;
        this.#draw();
      },
      ended: (failure) => this.#ended(failure),
    });
    this.#replay.start();
  }

  /** @param {string | null} failure */
  #ended(failure) {
    this.#replay = null;
    if (failure === null) this.#journal.note("Replayed to the end", "good");
    else this.#journal.note(`The replay stopped: ${failure}`, "bad");
    this.#draw();
  }

  #stop() {
    if (!this.#replay) return;
    this.#replay.stop();
    this.#replay = null;
    this.#journal.note("The replay was stopped");
    this.#draw();
  }

  #close() {
    this.#stop();
    this.#scenario = null;
    this.#parts.bar.hidden = true;
    this.#parts.open.focus();
  }

  #draw() {
    if (!this.#scenario) return;
    const { daemon, messages } = this.#scenario;
    const all = toCount(messages.length, "message");
    const { play, title, atOnce } = this.#parts;
    title.textContent = this.#replay ? `${this.#sent} of ${all} sent` : `${this.#name}: ${all} to ${daemon}`;
    play.textContent = this.#replay ? "Stop" : "Replay";
    play.disabled = !this.#connection.isOpen && !this.#replay;
    atOnce.disabled = Boolean(this.#replay);
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  [link.href, link.download] = [url, name];
  link.click();
  // The browser has taken it over by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
