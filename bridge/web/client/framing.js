/**
 * Messages and the payloads that carry them.
 *
 * A payload is the body of a request or the data of a WebSocket frame: messages one after another,
 * each ended by a zero byte. It is text, or bytes for a daemon whose messages are bytes.
 */

import { GarbledError } from "./errors.js";

/** @typedef {import("./xmlsocket.js").Message} Message */

/**
 * How one kind of message is checked, measured and carried.
 *
 * @typedef {object} Codec
 * @property {(value: unknown) => Message} admit  what `value` is sent as; throws `TypeError` for
 *     what cannot be a message
 * @property {(message: Message) => number} sizeOf  bytes of the daemon's stream, zero byte included
 * @property {(messages: Message[]) => string | Uint8Array<ArrayBuffer>} encode
 * @property {(payload: string | ArrayBuffer) => Message[]} decode  throws `GarbledError`
 */

const encoder = new TextEncoder();
// A byte order mark is part of the message: taking it away would be changing what the daemon sent.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @type {Codec} */
export const textCodec = {
  admit(value) {
    if (typeof value !== "string") throw new TypeError("this daemon's messages are text");
    if (value.includes("\0")) throw new TypeError("a message cannot hold a zero byte");
    return value;
  },
  sizeOf: (message) => encoder.encode(/** @type {string} */ (message)).length + 1,
  encode: (messages) => messages.join("\0") + "\0",
  decode(payload) {
    const messages = (typeof payload === "string" ? payload : decoder.decode(payload)).split("\0");
    if (messages.pop() !== "") throw new GarbledError();
    return messages;
  },
};

/** @type {Codec} */
export const bytesCodec = {
  admit(value) {
    // Copied, since the message is kept until it is acknowledged and the caller may write on.
    const bytes = value instanceof Uint8Array ? value.slice() : encoder.encode(String(value));
    if (bytes.includes(0)) throw new TypeError("a message cannot hold a zero byte");
    return bytes;
  },
  sizeOf: (message) => message.length + 1,
  encode(messages) {
    const payload = new Uint8Array(messages.reduce((size, { length }) => size + length + 1, 0));
    let position = 0;
    for (const message of messages) {
      payload.set(/** @type {Uint8Array} */ (message), position);
      position += message.length + 1;
    }
    return payload;
  },
  decode(payload) {
    if (typeof payload === "string") throw new GarbledError();
    return splitBytes(new Uint8Array(payload));
  },
};

/** @param {Uint8Array} bytes */
function splitBytes(bytes) {
  const messages = [];
  let start = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    messages.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start !== bytes.length) throw new GarbledError();
  return messages;
}
