/** Notices silence. */

export class Watchdog {
  #limitMs;
  #onSilence;
  #heardAt = performance.now();
  /** @type {ReturnType<typeof setTimeout>} */
  #timer;

  /**
   * @param {number} limitMs
   * @param {() => void} onSilence  called once, when `limitMs` have gone by without `hear()`
   */
  constructor(limitMs, onSilence) {
    this.#limitMs = limitMs;
    this.#onSilence = onSilence;
    this.#timer = setTimeout(this.#look, limitMs);
  }

  /** Takes a sign of life. As cheap as reading the clock: it is called for each frame. */
  hear() {
    this.#heardAt = performance.now();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #look = () => {
    const leftMs = this.#heardAt + this.#limitMs - performance.now();
    if (leftMs > 0) this.#timer = setTimeout(this.#look, leftMs);
    else this.#onSilence();
  };
}
