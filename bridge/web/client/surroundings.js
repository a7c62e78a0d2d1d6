/** What happens to the page and its network, as far as timers do not tell. */

/**
 * @typedef {object} Listener
 * @property {() => void} onNetwork  there is a network again, be it another one
 * @property {() => void} onWake  seen, thawed or taken out of the browser's cache of pages
 * @property {() => void} onUnload  the page goes away for good, within this very call
 */

/**
 * @param {Listener} listener
 * @param {AbortSignal} signal  when to stop
 */
export function watchSurroundings({ onNetwork, onWake, onUnload }, signal) {
  /** @type {(target: any, type: string, listener: (event: any) => void) => void} */
  const on = (target, type, listener) => target?.addEventListener?.(type, listener, { signal });
  const { document } = /** @type {any} */ (globalThis);
  on(globalThis, "online", onNetwork);
  on(document, "visibilitychange", () => document.hidden || onWake());
  on(document, "resume", onWake);
  on(globalThis, "pageshow", onWake);
  // A page that the browser keeps comes back, and its session is resumed then.
  on(globalThis, "pagehide", ({ persisted }) => persisted || onUnload());
}
