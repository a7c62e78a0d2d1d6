/** JSON of which only objects count. */

/**
 * @param {string} text
 * @returns {any} the object, or `null` for anything else
 */
export function readObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
