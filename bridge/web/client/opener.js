/** Opens a session by a request, and as long as the bridge is only busy, by another. */

import { failed } from "./outcome.js";
import { Pause } from "./pause.js";
import { refusal } from "./reply.js";
import { isOpening } from "./session.js";

/** @typedef {import("./link.js").Settings} Settings */
/** @typedef {import("./outcome.js").Ended} Ended */
/** @typedef {import("./session.js").Opening} Opening */

export class Opener {
  #settings;
  #pause = new Pause();
  #isStopped = false;

  /** @param {Settings} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /**
   * @param {number} untilMs  no further request after this, by `performance.now()`
   * @returns {Promise<Opening | Ended>} what was opened, or why nothing was
   */
  async open(untilMs) {
    for (;;) {
      const shown = await this.#settings.credential.show().catch(String);
      if (typeof shown === "string") return failed("no-credential", shown);
      const reply = await this.#settings.endpoint.open(this.#settings.daemon, shown);
      if (reply.status === 201 && isOpening(reply.document)) return reply.document;
      const pauseMs = reply.retryAfterS * 1000;
      if (pauseMs === 0 || performance.now() + pauseMs > untilMs) return refusal(reply);
      if (!this.#isStopped) await this.#pause.wait(pauseMs);
      if (this.#isStopped) return refusal(reply);
    }
  }

  /** After the request under way there is no other one. */
  stop() {
    this.#isStopped = true;
    this.#pause.wake();
  }
}
