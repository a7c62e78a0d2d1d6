/** Replaces clock and timers for one test; returns a function that lets time pass. */
export function useClock(t) {
  let nowMs = 1_000_000;
  const timers = new Map();
  t.mock.method(performance, "now", () => nowMs);
  t.mock.method(globalThis, "setTimeout", (callback, ms) => {
    const timer = Symbol("timer");
    timers.set(timer, { callback, atMs: nowMs + ms });
    return timer;
  });
  t.mock.method(globalThis, "clearTimeout", (timer) => timers.delete(timer));
  return (ms) => {
    nowMs += ms;
    for (const [timer, { callback, atMs }] of [...timers]) {
      if (atMs <= nowMs && timers.delete(timer)) callback();
    }
  };
}
