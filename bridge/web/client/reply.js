/** What the bridge answered to a request, and what that means for the session. */

import { readObject } from "./json.js";
import { failed, ended, lost } from "./outcome.js";

/**
 * @typedef {object} Reply
 * @property {number} status  0 when no answer came
 * @property {number | null} ack  the highest message accepted. Every answer about a session that is
 *     ours says it, so an answer without it (a hotel's log-in page, say) is not the bridge's
 * @property {number | null} first  the number of the first message in `body`
 * @property {number} retryAfterS  0 when nothing was said
 * @property {any} document  the JSON object of a problem or of an opened session, else an empty one
 * @property {ArrayBuffer} body
 */

/** @type {Reply} */
export const NO_REPLY = {
  status: 0,
  ack: null,
  first: null,
  retryAfterS: 0,
  document: {},
  body: new ArrayBuffer(0),
};

/**
 * Rejects when the connection breaks within the body.
 *
 * @param {Response} response
 * @returns {Promise<Reply>}
 */
export async function readReply(response) {
  const { status, headers } = response;
  const body = await response.arrayBuffer();
  const isJSON = /\bjson\b/.test(headers.get("Content-Type") ?? "");
  return {
    status,
    ack: toNumber(headers.get("XMLSocket-Ack")),
    first: toNumber(headers.get("XMLSocket-First")),
    retryAfterS: toNumber(headers.get("Retry-After")) ?? 0,
    document: (isJSON && readObject(new TextDecoder().decode(body))) || {},
    body,
  };
}

// Client errors that pass by themselves; all others would be answered the same way for ever.
const PASSING = new Set([408, 425, 429]);

// What a proxy says when nobody answers behind it. The bridge's own have a code.
const GATEWAY = new Set([502, 503, 504]);

// Browsers keep an answer to themselves that says nothing of the page's origin, and do not tell it
// from none.
const UNREADABLE =
  "no answer that this page may read: is the bridge away, or the page's origin not among its origins?";

/**
 * The outcome when a request about a session got neither messages nor a `204`.
 *
 * @param {Reply} reply
 * @param {boolean} worked  whether the connection had worked before
 */
export function judge({ status, document: { code, detail = "" }, retryAfterS }, worked) {
  // A proxy's own error page has no code: it tells of the way, not of the session.
  if (!code) return lost(worked, retryAfterS);
  if (status === 410) return ended(code, detail, retryAfterS);
  // That a newer receiver took over has made the round trip.
  if (code === "displaced") return lost(true);
  if (status >= 500 || PASSING.has(status)) return lost(worked, retryAfterS);
  return failed(code, detail);
}

/**
 * Why no session could be opened.
 *
 * @param {Reply} reply
 */
export function refusal({ status, document: { code, detail }, retryAfterS }) {
  if (status === 0) return failed("unreachable", UNREADABLE);
  const said = `HTTP status ${status}`;
  if (!code && GATEWAY.has(status)) {
    return failed("unreachable", `${said}: a proxy answers, but not the bridge behind it`, retryAfterS);
  }
  return failed(code ?? "unexpected-answer", detail ?? said, retryAfterS);
}

/** @param {string | null} header */
function toNumber(header) {
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}
