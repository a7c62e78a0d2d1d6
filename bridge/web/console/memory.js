/** What the page remembers from one visit to the next; nothing, where the browser forbids that. */

const PREFIX = "xmlsocket-bridge.";

/** @param {string} name  @returns {string | null} */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** @param {string} name  @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows and full stores: the choice holds until the page is left.
  }
}
