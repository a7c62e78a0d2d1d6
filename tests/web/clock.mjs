/**
 * Replaces clocks and timers for one test; returns a function that lets time pass. Its `sleep` lets
 * it pass as for a computer that sleeps, of whose clocks only the one on the wall goes on.
 */
export function useClock(t) {
  let nowMs = 1_000_000;
  let sleptMs = 0;
  const timers = new Map();
  t.mock.method(performance, "now", () => nowMs);
  t.mock.method(Date, "now", () => nowMs + sleptMs);
  t.mock.method(globalThis, "setTimeout", (callback, ms) => {
    const timer = Symbol("timer");
    timers.set(timer, { callback, atMs: nowMs + ms });
    return timer;
  });
  t.mock.method(globalThis, "clearTimeout", (timer) => timers.delete(timer));
  const pass = (ms) => {
    nowMs += ms;
    for (const [timer, { callback, atMs }] of [...timers]) {
      if (atMs <= nowMs && timers.delete(timer)) callback();
    }
  };
  return Object.assign(pass, { sleep: (ms) => (sleptMs += ms) });
}
