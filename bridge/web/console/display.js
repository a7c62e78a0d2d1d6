/** How the page writes messages, sizes and times. Pure. */

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

/** @param {Date} date */
export const toTime = (date) => clock.format(date);

/** @param {number} bytes */
export function toSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {string | Uint8Array} message */
export function sizeOf(message) {
  return typeof message === "string" ? new TextEncoder().encode(message).length : message.length;
}

/**
 * A message as text that can be read: bytes that are no text as hexadecimal numbers, control
 * characters by their pictures, and what is very long cut short.
 *
 * @param {string | Uint8Array} message
 */
export function toVisible(message) {
  const shown = typeof message === "string" ? message : toText(message);
  const left = shown.length - LONGEST_SHOWN;
  const rest = left > 0 ? ` … and ${left} characters more` : "";
  return pictureControls(shown.slice(0, LONGEST_SHOWN)) + rest;
}

/** @param {Uint8Array} bytes */
function toText(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
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
