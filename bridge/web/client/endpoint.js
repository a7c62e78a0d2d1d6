/** The bridge's addresses, and its requests. */

import { headersOf, queryOf } from "./credential.js";
import { NO_REPLY, readReply } from "./reply.js";
import { OPEN_LIMIT_MS, SLACK_MS } from "./times.js";
import { Watchdog } from "./watchdog.js";

/** @typedef {import("./credential.js").Shown} Shown */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./reply.js").Reply} Reply */

const MEDIA_TYPE = "application/vnd.xmlsocket";

export class Endpoint {
  #base;

  /** @param {string | URL} [base]  absolute, or relative to the page; this module's if left out */
  constructor(base = ownFolder()) {
    this.#base = new URL(base, globalThis.location?.href);
    if (!this.#base.pathname.endsWith("/")) this.#base.pathname += "/";
  }

  get address() {
    return this.#base.href;
  }

  /**
   * @param {string} daemon
   * @param {Shown} shown
   */
  opening(daemon, shown) {
    return this.#websocketAddress(`${daemonPath(daemon)}/websocket${queryOf(shown)}`);
  }

  /**
   * @param {Session} session
   * @param {boolean} beside  whether another receiver goes on until this one works: what it will
   *     have acknowledged by then, nobody knows yet
   */
  attachment(session, beside) {
    const query = beside ? "" : `?ack=${session.received}`;
    return this.#websocketAddress(`${sessionPath(session)}/websocket${query}`);
  }

  /**
   * @param {string} daemon
   * @param {Shown} shown
   */
  open(daemon, shown) {
    const init = { headers: headersOf(shown), method: "POST" };
    return this.#request(`${daemonPath(daemon)}/sessions${queryOf(shown)}`, init, OPEN_LIMIT_MS);
  }

  /**
   * Acknowledges what was received and waits for more.
   *
   * @param {Session} session
   * @param {number} waitS
   * @param {AbortSignal} [signal]
   */
  receive(session, waitS, signal) {
    const path = `${sessionPath(session)}/messages?ack=${session.received}&wait=${waitS}`;
    const headers = { ...withKey(session), Accept: MEDIA_TYPE };
    return this.#request(path, { headers }, waitS * 1000 + SLACK_MS, signal);
  }

  /**
   * @param {Session} session
   * @param {number} first
   * @param {string | Uint8Array<ArrayBuffer>} body
   * @param {AbortSignal} [signal]  left out: it must get through even when the page goes away
   */
  send(session, first, body, signal) {
    const path = `${sessionPath(session)}/messages?first=${first}`;
    // The bridge may hold the answer this long while the daemon does not read.
    const limitMs = session.opening.wait_s * 1000 + SLACK_MS;
    const headers = { ...withKey(session), "Content-Type": MEDIA_TYPE };
    const init = { headers, method: "POST", body, keepalive: !signal };
    return this.#request(path, init, limitMs, signal);
  }

  /** @param {Session} session */
  end(session) {
    // As navigator.sendBeacon does it, which can show no key: the request outlives the page.
    const init = { headers: withKey(session), method: "DELETE", keepalive: true };
    return this.#request(sessionPath(session), init, SLACK_MS);
  }

  /** @param {string} path */
  #websocketAddress(path) {
    const address = new URL(path, this.#base);
    address.protocol = address.protocol.replace("http", "ws");
    return address;
  }

  /**
   * Never rejects: no answer, for whatever reason, is `NO_REPLY`.
   *
   * @param {string} path
   * @param {RequestInit} init
   * @param {number} limitMs
   * @param {AbortSignal} [signal]
   * @returns {Promise<Reply>}
   */
  async #request(path, init, limitMs, signal) {
    const abort = new AbortController();
    const giveUp = () => abort.abort();
    const watchdog = new Watchdog(limitMs, giveUp);
    signal?.addEventListener("abort", giveUp, { signal: abort.signal });
    try {
      if (signal?.aborted) return NO_REPLY;
      const options = { ...init, cache: /** @type {const} */ ("no-store"), signal: abort.signal };
      return await readReply(await fetch(new URL(path, this.#base), options));
    } catch {
      return NO_REPLY;
    } finally {
      watchdog.stop();
      // Too late to change anything, but nobody waits for `signal` any more.
      giveUp();
    }
  }
}

function ownFolder() {
  // In two steps, since some bundlers take the one for a file to be packed.
  const own = import.meta.url;
  if (!/^https?:/.test(own)) throw new TypeError("the option base must say where the bridge is");
  return new URL(".", own);
}

/** @param {string} daemon */
const daemonPath = (daemon) => `v1/daemons/${encodeURIComponent(daemon)}`;

/** @param {Session} session */
const sessionPath = ({ opening }) => `v1/sessions/${encodeURIComponent(opening.id)}`;

/**
 * The key has a header of its own: a page cannot know whether Authorization is taken, by the
 * password of the site it is on for instance.
 *
 * @param {Session} session
 */
const withKey = ({ opening }) => ({ "XMLSocket-Key": opening.key });
