/** A wait that can be cut short. */

export class Pause {
  #wake = () => {};

  /** Ends the wait under way; without one it does nothing. */
  wake() {
    this.#wake();
  }

  /** @param {number} [limitMs]  left out: until `wake()` */
  async wait(limitMs) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    await /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        this.#wake = resolve;
        if (limitMs !== undefined) timer = setTimeout(resolve, limitMs);
      })
    );
    clearTimeout(timer);
  }
}
