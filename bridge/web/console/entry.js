/** One line of the journal: a message, or an event of the connection. Pure. */

import { sizeOf, toText } from "./display.js";

/** @typedef {import("../client/framing.js").Message} Message */

/**
 * What became of a message sent: `lost` is one whose session ended before the bridge accepted it.
 *
 * @typedef {"pending" | "accepted" | "refused" | "lost"} Mark
 */

/** @typedef {"good" | "bad" | "close" | "plain"} Mood  of an event */

/**
 * @typedef {object} Entry
 * @property {number} place  counts on from 1; no two entries of a journal have the same
 * @property {"received" | "sent" | "event"} kind
 * @property {number} atMs  since 1970
 * @property {string} text  what is read and searched
 * @property {Message | null} message  `null` for an event
 * @property {number} number  that of the message in its session and direction, 0 for an event
 * @property {number} bytes
 * @property {Mark | null} mark
 * @property {Mood | null} mood
 * @property {string} reason  why it was refused
 * @property {number | null} acceptedMs  from sending until the page knew that the bridge had it
 * @property {number | null} answeredMs  from sending until the next message came
 */

/** @type {Record<Mark, string>} */
export const MARKS = {
  pending: "on the way",
  accepted: "accepted",
  refused: "refused",
  lost: "not confirmed",
};

/**
 * @param {"received" | "sent"} kind
 * @param {Message} message
 * @param {number} number
 * @param {number} atMs
 * @returns {Omit<Entry, "place">}
 */
export function messageEntry(kind, message, number, atMs) {
  const mark = kind === "sent" ? "pending" : null;
  return { ...event(toText(message), null, atMs), kind, message, number, bytes: sizeOf(message), mark };
}

/**
 * @param {string} text
 * @param {Mood | null} mood
 * @param {number} atMs
 * @returns {Omit<Entry, "place">}
 */
export function event(text, mood, atMs) {
  return {
    kind: "event",
    atMs,
    text,
    message: null,
    number: 0,
    bytes: 0,
    mark: null,
    mood,
    reason: "",
    acceptedMs: null,
    answeredMs: null,
  };
}

/** Whether something went wrong with it. @param {Entry} entry */
export function isError({ mark, mood }) {
  return mark === "refused" || mark === "lost" || mood === "bad";
}
