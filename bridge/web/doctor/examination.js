/** The examinations, each against what the bridge serves for it below `v1/doctor`. */

import { judged } from "./stream.js";

/** @typedef {import("./finding.js").Finding} Finding */

/**
 * @typedef {object} Terms  what the bridge says of itself: its version, and seconds
 * @property {string} version
 * @property {number} heartbeat_s
 * @property {number} wait_s
 * @property {number} max_quiet_s
 */

// The client gives a WebSocket so long to pass something.
const PATIENCE_MS = 5_000;
const STREAM_MS = 20_000;
const ROUND_TRIPS = 20;
const SHORT = "<ping/>";
const LONG_BYTES = 1 << 15;

/**
 * One finding after the other; the last ones take as many seconds of silence as are asked for.
 *
 * @param {URL} base  where the bridge is
 * @param {number} quietS
 * @returns {AsyncGenerator<Finding>}
 */
export async function* examine(base, quietS) {
  const url = new URL("v1/doctor", base);
  /** @type {Terms} */
  let terms;
  try {
    terms = await (await fetched(url)).json();
  } catch (error) {
    yield { examination: "terms", outcome: "fails", figures: { detail: reason(error) } };
    return;
  }
  yield { examination: "terms", outcome: "works", figures: { version: terms.version } };
  yield await requests(url);
  const websocket = await sockets(url);
  yield websocket;
  yield await stream(url);
  yield* silence(url, Math.min(quietS, terms.max_quiet_s), terms, websocket.outcome === "works");
}

/** @param {URL} url  @returns {Promise<Finding>} */
async function requests(url) {
  const examination = "http";
  try {
    const figures = await trips(async () => {
      const answer = await fetched(`${url}/echo`, { method: "POST", body: SHORT });
      if ((await answer.text()) !== SHORT) throw new Error("the answer is not what was sent");
    });
    return { examination, outcome: "works", figures };
  } catch (error) {
    return { examination, outcome: "fails", figures: { detail: reason(error) } };
  }
}

/** @param {URL} url  @returns {Promise<Finding>} */
async function sockets(url) {
  const examination = "websocket";
  const socket = new Echo(url);
  try {
    await inTime(socket.opened, PATIENCE_MS);
  } catch (error) {
    socket.close();
    return { examination, outcome: "refused", figures: { detail: reason(error) } };
  }
  try {
    const figures = await trips(() => socket.say(SHORT));
    try {
      await inTime(socket.say("x".repeat(LONG_BYTES)), PATIENCE_MS);
    } catch {
      return { examination, outcome: "breaks", figures: { bytes: LONG_BYTES } };
    }
    return { examination, outcome: "works", figures };
  } catch {
    return { examination, outcome: "stalls" };
  } finally {
    socket.close();
  }
}

/** @param {URL} url  @returns {Promise<Finding>} */
async function stream(url) {
  try {
    return judged(await pieces(`${url}/stream`));
  } catch (error) {
    return { examination: "stream", outcome: "fails", figures: { detail: reason(error) } };
  }
}

/** @param {string} url  @returns {Promise<import("./stream.js").Piece[]>} */
async function pieces(url) {
  const { body } = await fetched(url, {}, STREAM_MS);
  if (!body) throw new Error("it is empty");
  const decoder = new TextDecoder();
  const found = [];
  let [text, endBytes] = ["", 0];
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return found;
    const lines = (text + decoder.decode(value, { stream: true })).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      endBytes += line.length + 1;
      if (!line.startsWith("data: ")) continue;
      const { after_ms: writtenMs } = JSON.parse(line.slice("data: ".length));
      found.push({ endBytes, writtenMs, cameMs: performance.now() });
    }
  }
}

/**
 * @param {URL} url  @param {number} quietS  @param {Terms} terms  @param {boolean} withSocket
 * @returns {AsyncGenerator<Finding>}
 */
async function* silence(url, quietS, terms, withSocket) {
  const [socketS, requestS] = await Promise.all([
    withSocket ? survived(() => quietSocket(url, quietS), quietS) : null,
    survived(() => fetched(`${url}/quiet?s=${quietS}`, {}, Infinity), quietS),
  ]);
  if (socketS !== null) yield cut("websocket", socketS, "heartbeat_s", terms.heartbeat_s);
  if (requestS !== null) yield cut("http", requestS, "wait_s", terms.wait_s);
  if (socketS === null && requestS === null) {
    yield { examination: "quiet", outcome: "works", figures: { seconds: Math.round(quietS) } };
  }
}

/** @param {URL} url  @param {number} quietS */
async function quietSocket(url, quietS) {
  const socket = new Echo(url);
  try {
    await inTime(socket.opened, PATIENCE_MS);
    await Promise.race([socket.closed, pause(quietS * 1000)]);
    await inTime(socket.say(SHORT), PATIENCE_MS);
  } finally {
    socket.close();
  }
}

/**
 * @param {() => Promise<unknown>} silent  @param {number} quietS
 * @returns {Promise<number | null>} the seconds until it was broken, `null` if it was not
 */
async function survived(silent, quietS) {
  const began = performance.now();
  try {
    await inTime(silent(), quietS * 1000 + 2 * PATIENCE_MS);
    return null;
  } catch {
    return Math.min((performance.now() - began) / 1000, quietS);
  }
}

/**
 * A connection that was cut; too soon if the bridge is silent for longer, as it says itself.
 *
 * @param {string} what  @param {number} afterS  @param {string} name  @param {number} longestS
 * @returns {Finding}
 */
function cut(what, afterS, name, longestS) {
  const outcome = `${what}-cut${afterS < longestS ? "-too-soon" : ""}`;
  const figures = { seconds: Math.round(afterS), [name]: longestS };
  return { examination: "quiet", outcome, figures };
}

/** A WebSocket that hears what it says. */
class Echo {
  #socket;
  /** @type {((message: string) => void) | null} */
  #heard = null;

  /** @param {URL} url */
  constructor(url) {
    const address = new URL(`${url}/websocket`);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.closed = new Promise((_, reject) => {
      this.#socket.onclose = () => reject(new Error("the browser does not say why"));
    });
    this.closed.catch(() => {});
    this.opened = Promise.race([
      new Promise((resolve) => (this.#socket.onopen = resolve)),
      this.closed,
    ]);
    this.#socket.onmessage = ({ data }) => this.#heard?.(data);
  }

  /** @param {string} message  @returns {Promise<void>} when it has come back */
  async say(message) {
    const heard = new Promise((resolve) => (this.#heard = resolve));
    this.#socket.send(message);
    if ((await Promise.race([heard, this.closed])) !== message) {
      throw new Error("the echo is not what was sent");
    }
  }

  close() {
    this.#socket.close();
  }
}

/** How long round trips take, and how much one differs from the next. @param {() => Promise<void>} trip */
async function trips(trip) {
  const took = [];
  for (let number = 0; number < ROUND_TRIPS; number += 1) {
    const began = performance.now();
    await inTime(trip(), PATIENCE_MS);
    took.push(performance.now() - began);
  }
  const differences = took.slice(1).map((one, index) => Math.abs(one - took[index]));
  const jitter = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const median = took.sort((one, other) => one - other)[took.length >> 1];
  return { median_ms: tenths(median), jitter_ms: tenths(jitter) };
}

/** @param {number} number */
const tenths = (number) => Math.round(number * 10) / 10;

/** @param {string | URL} url  @param {RequestInit} [options]  @param {number} [mostMs] */
async function fetched(url, options = {}, mostMs = PATIENCE_MS) {
  const signal = mostMs === Infinity ? null : AbortSignal.timeout(mostMs);
  const response = await fetch(url, { cache: "no-store", signal, ...options });
  if (!response.ok) throw new Error(`the answer is HTTP ${response.status}`);
  return response;
}

/** @param {number} ms  @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @template T  @param {Promise<T>} work  @param {number} ms  @returns {Promise<T>} */
function inTime(work, ms) {
  const late = pause(ms).then(() => Promise.reject(new Error("no answer came in time")));
  return Promise.race([work, late]);
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof DOMException && error.name === "TimeoutError") return "no answer came in time";
  return error instanceof Error ? error.message : String(error);
}
