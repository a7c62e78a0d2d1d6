/** Which entries are wanted. Pure. */

import { isError } from "./entry.js";

/** @typedef {import("./entry.js").Entry} Entry */

/**
 * @typedef {object} Wish
 * @property {string} text  to be found, in whatever case; empty for all
 * @property {"both" | "received" | "sent"} direction  events have none, and count for `both` alone
 * @property {"all" | "errors" | "closes"} kind
 */

/** @type {Wish} */
export const ALL = { text: "", direction: "both", kind: "all" };

/**
 * @param {Wish} wish
 * @returns {(entry: Entry) => boolean}
 */
export function filterOf({ text, direction, kind }) {
  const sought = text.toLowerCase();
  return (entry) =>
    (direction === "both" || entry.kind === direction) &&
    (kind === "all" || (kind === "errors" ? isError(entry) : entry.mood === "close")) &&
    (sought === "" || entry.text.toLowerCase().includes(sought));
}
