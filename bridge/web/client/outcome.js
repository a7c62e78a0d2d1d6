/** How an attempt to carry a session over one connection comes out. */

import { GapError, GarbledError } from "./errors.js";

/**
 * `lost`: the connection is gone, the session may live. `worked` says that data had made the round
 * trip before; `retryAfterS` is how long the bridge wants to be left alone.
 *
 * @typedef {{ kind: "lost", worked: boolean, retryAfterS: number }} Lost
 */

/**
 * `left`: given up by ourselves, for another connection or at the end.
 *
 * @typedef {{ kind: "left" }} Left
 */

/**
 * `ended`: the session is over. `failed` sets apart what should not have happened from an end that
 * one of both sides wished for; `retryAfterS` is how long to wait before another one is opened.
 *
 * @typedef {{ kind: "ended", code: string, detail: string, failed: boolean, retryAfterS: number }}
 *     Ended
 */

/** @typedef {Lost | Left | Ended} Outcome */

/** @returns {Lost} */
export const lost = (worked = false, retryAfterS = 0) => ({ kind: "lost", worked, retryAfterS });

/** @type {Left} */
export const LEFT = { kind: "left" };

/**
 * @param {string} code
 * @param {string} detail
 * @returns {Ended}
 */
export const ended = (code, detail, retryAfterS = 0) => ({
  kind: "ended",
  code,
  detail,
  failed: false,
  retryAfterS,
});

/** The session is closed by this side. */
export const CLOSED = ended("client-closed", "");

/**
 * @param {string} code
 * @param {string} detail
 * @param {number} [retryAfterS]
 * @returns {Ended}
 */
export const failed = (code, detail, retryAfterS) => ({
  ...ended(code, detail, retryAfterS),
  failed: true,
});

/**
 * The outcome when the other side broke the contract. What is not of its doing is thrown again.
 *
 * @param {unknown} error
 * @returns {Outcome}
 */
export function brokenBy(error) {
  if (error instanceof GapError) return failed("gap", error.message);
  if (error instanceof GarbledError) return lost();
  throw error;
}
