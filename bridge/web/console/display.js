/** How the page writes messages, sizes and times. Pure. */

/** @typedef {import("../client/framing.js").Message} Message */

// More of one message than this helps nobody and makes the page slow.
const LONGEST_SHOWN = 10_000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});
const counts = new Intl.NumberFormat("en");

/** @param {Date | number} date  a number is milliseconds since 1970 */
export const toTime = (date) => clock.format(date);

/** @param {number} bytes */
export function toSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {number} ms */
export function toDuration(ms) {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  return `${(ms / 1000).toFixed(ms < 99_950 ? 1 : 0)} s`;
}

/**
 * @param {number} count
 * @param {string} noun  in the singular
 */
export const toCount = (count, noun) => `${counts.format(count)} ${noun}${count === 1 ? "" : "s"}`;

/** @param {Message} message */
export function sizeOf(message) {
  return typeof message === "string" ? new TextEncoder().encode(message).length : message.length;
}

/**
 * @param {Message} message
 * @returns {string | null} `null` for bytes that are no text
 */
export function asText(message) {
  if (typeof message === "string") return message;
  try {
    return utf8.decode(message);
  } catch {
    return null;
  }
}

/**
 * A message as text: bytes that are no text as hexadecimal numbers.
 *
 * @param {Message} message
 */
export const toText = (message) => asText(message) ?? toHex(/** @type {Uint8Array} */ (message));

/** @param {Uint8Array} bytes */
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/**
 * A message as text that can be read: control characters by their pictures, and what is very long
 * cut short.
 *
 * @param {Message} message
 * @param {number} [longest]  in characters
 */
export function toVisible(message, longest = LONGEST_SHOWN) {
  const shown = toText(message);
  const left = shown.length - longest;
  const rest = left > 0 ? ` … and ${toCount(left, "character")} more` : "";
  return pictureControls(shown.slice(0, longest)) + rest;
}

// All but tab and line feed, which a page shows as what they are.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const PICTURE_OF_DELETE = "\u2421";

/** @param {string} text */
function pictureControls(text) {
  return text.replace(CONTROLS, (control) =>
    control === "\u007f" ? PICTURE_OF_DELETE : String.fromCharCode(0x2400 + control.charCodeAt(0)),
  );
}
