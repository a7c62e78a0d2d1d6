/** What a client shows when it opens a session, where the bridge asks who it is (docs/auth.md). */

import { failed } from "./outcome.js";

/** @typedef {string | (() => string | Promise<string>)} Secret  itself, or what fetches it */

/** @typedef {import("./outcome.js").Ended} Ended */

/** @typedef {{ token?: string, ticket?: string }} Shown */

const TOKEN = /^[\w.~+/-]+=*$/;

export class Credential {
  #token;
  #ticket;

  /**
   * @param {Secret} [token]
   * @param {Secret} [ticket]  is good for one opening, so each needs a new one
   */
  constructor(token, ticket) {
    this.#token = token;
    this.#ticket = ticket;
  }

  /**
   * Fetches what is to be shown at the next opening. Never rejects.
   *
   * @returns {Promise<Shown | Ended>} or why there is nothing to show
   */
  async show() {
    try {
      const [token, ticket] = await Promise.all([fetched(this.#token), fetched(this.#ticket)]);
      if (token === undefined || TOKEN.test(token)) return { token, ticket };
      return failed("no-credential", "a token has only letters, digits and -._~+/, and = at its end");
    } catch (error) {
      return failed("no-credential", /** @type {any} */ (error)?.message ?? String(error));
    }
  }
}

/** @param {Secret | undefined} secret */
const fetched = (secret) => (typeof secret === "function" ? secret() : secret);

/**
 * The subprotocols that show a token: browsers can set no header for a WebSocket.
 *
 * @param {Shown} shown
 */
export function subprotocolsOf({ token }) {
  if (token === undefined) return [];
  const inBase64url = btoa(token).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return [`token.${inBase64url}`];
}

/**
 * @param {Shown} shown
 * @returns {Record<string, string>}
 */
export const headersOf = ({ token }) => (token === undefined ? {} : { Authorization: `Bearer ${token}` });

/** @param {Shown} shown */
export const queryOf = ({ ticket }) =>
  ticket === undefined ? "" : `?ticket=${encodeURIComponent(ticket)}`;
