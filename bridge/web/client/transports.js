/** The transports there are. */

/** @typedef {import("./xmlsocket.js").Transport} Transport */

/** @type {Transport[]} the best one first */
const TRANSPORTS = ["websocket", "long-poll"];

/**
 * Those that a page may use and that can be used here.
 *
 * @param {Transport[] | undefined} transports  left out: all
 * @param {unknown} WebSocket
 */
export function usable(transports = TRANSPORTS, WebSocket) {
  if (transports.length === 0 || !transports.every((name) => TRANSPORTS.includes(name))) {
    throw new TypeError(`transports must be some of ${TRANSPORTS.join(", ")}`);
  }
  const found = transports.filter((name) => name !== "websocket" || WebSocket);
  if (found.length === 0) throw new TypeError("there is no WebSocket here");
  return found;
}
