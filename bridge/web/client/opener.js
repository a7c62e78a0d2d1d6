/** Opens a session by a request, and as long as the bridge is only busy, by another. */

import { Pause } from "./pause.js";
import { refusal } from "./reply.js";
import { isOpening } from "./session.js";

/** @typedef {import("./carried.js").Settings} Settings */
/** @typedef {import("./outcome.js").Ended} Ended */
/** @typedef {import("./session.js").Opening} Opening */

export class Opener {
  #settings;
  #onBusy;
  #pause = new Pause();
  #isStopped = false;

  /**
   * @param {Settings} settings
   * @param {(refused: Ended) => void} onBusy  told before each wait
   */
  constructor(settings, onBusy) {
    this.#settings = settings;
    this.#onBusy = onBusy;
  }

  /**
   * @param {number} untilMs  no further request after this, by `performance.now()`
   * @returns {Promise<Opening | Ended>} what was opened, or why nothing was
   */
  async open(untilMs) {
    for (;;) {
      const { credential, endpoint, daemon } = this.#settings;
      const shown = await credential.show();
      if ("kind" in shown) return shown;
      const reply = await endpoint.open(daemon, shown);
      if (reply.status === 201 && isOpening(reply.document)) return reply.document;
      const refused = refusal(reply);
      const pauseMs = refused.retryAfterS * 1000;
      const mayWait = pauseMs > 0 && performance.now() + pauseMs <= untilMs;
      if (!mayWait || this.#isStopped) return refused;
      this.#onBusy(refused);
      await this.#pause.wait(pauseMs);
      if (this.#isStopped) return refused;
    }
  }

  /** After the request under way there is no other one. */
  stop() {
    this.#isStopped = true;
    this.#pause.wake();
  }
}
