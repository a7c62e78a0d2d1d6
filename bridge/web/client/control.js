/** The control frames of `xmlsocket.v1`. What is none throws `GarbledError`. */

import { GarbledError } from "./errors.js";
import { readObject } from "./json.js";

/** @typedef {import("./session.js").Opening} Opening */
/** @typedef {import("./session.js").Refusal} Refusal */

/** @typedef {{ code?: string, detail?: string, retry_after_s?: number }} Closing */

/**
 * What a control frame may say; a frame may say several things at once.
 *
 * @typedef {object} Control
 * @property {Opening} [open]
 * @property {number} [first]
 * @property {number} [ack]
 * @property {Refusal} [reject]
 * @property {Closing} [close]
 */

/**
 * @param {string} text
 * @returns {Control}
 */
export function readControl(text) {
  const control = readObject(text);
  if (!control) throw new GarbledError();
  return control;
}

/** @param {unknown} value */
export function readNumber(value) {
  if (!Number.isSafeInteger(value)) throw new GarbledError();
  return /** @type {number} */ (value);
}
