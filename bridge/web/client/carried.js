/** What those who carry a session share with the link that has it carried: types alone. */

/** @typedef {import("./session.js").Opening} Opening */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./xmlsocket.js").Transport} Transport */

/**
 * @typedef {object} Settings
 * @property {import("./endpoint.js").Endpoint} endpoint
 * @property {string} daemon
 * @property {import("./credential.js").Credential} credential
 * @property {import("./framing.js").Codec} codec
 * @property {import("./memory.js").Memory} memory
 * @property {Transport[]} transports  the best one first
 * @property {typeof WebSocket} WebSocket
 * @property {number} timeoutMs  how long the session may take to be opened
 * @property {number} openTimeoutMs  how long a WebSocket may take until its first frame
 * @property {number} stayMs  how long to stay with a transport before the best is tried again
 */

/**
 * What carriers tell.
 *
 * @typedef {object} CarrierEvents
 * @property {(opening: Opening | undefined) => Session} onOpening  a new session was opened
 * @property {(transport: Transport) => void} onWorking  the bridge has been heard over it
 * @property {(transport: Transport) => void} onProven  data has made the round trip
 * @property {() => void} onProgress  messages went out or were acknowledged
 *
 * @typedef {Settings & CarrierEvents} Carried
 */

export {};
