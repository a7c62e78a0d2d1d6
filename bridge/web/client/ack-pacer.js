/** Decides when received data must be acknowledged: not for each frame, and never too late. */

// Half of what the contract allows between data and its acknowledgement: the other half is for the
// way. Its 64 KiB are counted in UTF-16 units of up to three bytes.
const AFTER_MS = 500;
const AFTER_UNITS = (64 * 1024) / 2 / 3;

export class AckPacer {
  #send;
  #units = 0;
  #sentAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} send  sends an acknowledgement of all that was received */
  constructor(send) {
    this.#send = send;
  }

  /**
   * Takes note of data received. What comes after a pause is acknowledged at once, without a timer:
   * timers of pages out of sight run late, once a minute in the end.
   *
   * @param {number} units
   */
  owe(units) {
    this.#units += units;
    const leftMs = this.#sentAt + AFTER_MS - performance.now();
    if (leftMs <= 0 || this.#units >= AFTER_UNITS) this.settle();
    else this.#timer ??= setTimeout(() => this.settle(), leftMs);
  }

  /** Acknowledges now, if anything is owed. */
  settle() {
    this.stop();
    if (this.#units === 0) return;
    this.#units = 0;
    this.#sentAt = performance.now();
    this.#send();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
