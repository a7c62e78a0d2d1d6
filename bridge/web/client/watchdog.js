/** Notices silence, be it that the computer slept through it. */

// It looks so often within its limit: the timer of a computer that sleeps sleeps, too.
const LOOKS = 4;

export class Watchdog {
  #limitMs;
  #onSilence;
  // By two clocks: one stands still while the computer sleeps, the other can be set back.
  #steadyMs = performance.now();
  #wallMs = Date.now();
  /** @type {ReturnType<typeof setTimeout>} */
  #timer;

  /**
   * @param {number} limitMs
   * @param {() => void} onSilence  called once, when `limitMs` have gone by without `hear()`
   */
  constructor(limitMs, onSilence) {
    this.#limitMs = limitMs;
    this.#onSilence = onSilence;
    this.#timer = this.#lookLater(limitMs);
  }

  /** Takes a sign of life. As cheap as reading the clocks: it is called for each frame. */
  hear() {
    this.#steadyMs = performance.now();
    this.#wallMs = Date.now();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#onSilence = () => {};
  }

  /** Looks at the clocks now, when there is reason to think that time has been skipped. */
  look() {
    clearTimeout(this.#timer);
    const quietMs = Math.max(performance.now() - this.#steadyMs, Date.now() - this.#wallMs);
    if (quietMs < this.#limitMs) this.#timer = this.#lookLater(this.#limitMs - quietMs);
    else this.#onSilence();
  }

  /** @param {number} leftMs */
  #lookLater(leftMs) {
    return setTimeout(() => this.look(), Math.min(leftMs, this.#limitMs / LOOKS));
  }
}
