/**
 * A movie's socket on a session of the bridge, which outlives requests, sockets and networks.
 *
 * The movie sends and receives a stream of bytes. What it sends is cut into messages at the zero
 * bytes; what the daemon sends comes message by message, each with its zero byte.
 */

import { XMLSocket } from "../xmlsocket.js";
import { Cutter } from "./cutter.js";

/**
 * @typedef {object} Way
 * @property {string} daemon  its name in the bridge's configuration
 * @property {number} maxMessageBytes
 */

/**
 * How the socket ended, as a `CloseEvent` says it.
 *
 * @typedef {object} End
 * @property {number} code
 * @property {string} reason
 * @property {boolean} wasClean
 */

/**
 * The socket that is carried. What comes after `ended` is of no interest to it.
 *
 * @typedef {object} Carried
 * @property {() => void} opened
 * @property {(data: ArrayBuffer) => void} received
 * @property {(end: End) => void} ended
 */

// RFC 6455 section 7.4.1, as the bridge closes a raw WebSocket.
const NORMAL = 1000;
const FAILED = 1011;
const REFUSED = 1008;
const TOO_BIG = 1009;
const BROKEN = 1006;

/**
 * Opens a session and carries the socket by it.
 *
 * @param {Way} way
 * @param {Carried} socket
 */
export function carry({ daemon, maxMessageBytes }, socket) {
  // What the page wants to be shown where the bridge asks who one is.
  const token = /** @type {any} */ (globalThis).XMLSocketBridge?.token;
  const client = new XMLSocket({ messages: "text", token });
  const cutter = new Cutter(maxMessageBytes);
  let isOver = false;

  /**
   * @param {number} code
   * @param {string} reason
   */
  function end(code, reason) {
    if (isOver) return;
    isOver = true;
    if (code !== NORMAL) console.warn(`xmlsocket-bridge: a socket to ${daemon} is closed: ${reason}`);
    client.close();
    socket.ended({ code, reason, wasClean: code !== BROKEN });
  }

  client.addEventListener("connect", () => socket.opened());
  client.addEventListener("data", ({ data }) => socket.received(toBuffer(`${data}\0`)));
  client.addEventListener("error", ({ code, text, number }) => {
    if (number === null) end(BROKEN, text);
    else end(code === "message-too-big" ? TOO_BIG : REFUSED, text);
  });
  client.addEventListener("close", ({ code, detail }) => {
    end(code === "daemon-closed" ? NORMAL : FAILED, `${code}: ${detail}`);
  });
  client.connect(daemon);

  return {
    /** Bytes that the bridge has not acknowledged. */
    get bufferedAmount() {
      return client.bufferedAmount;
    },

    /** @param {Uint8Array} bytes  a piece of the movie's stream */
    send(bytes) {
      if (!client.connected) return;
      try {
        for (const message of cutter.feed(bytes)) client.send(message);
      } catch (error) {
        if (error instanceof RangeError) end(TOO_BIG, `message-too-big: ${error.message}`);
        else if (error instanceof TypeError) end(REFUSED, "bad-encoding: a message is not UTF-8");
        else throw error;
      }
    },

    /** What was sent before goes on to the daemon. */
    close() {
      client.close();
    },
  };
}

/** @param {string} text */
const toBuffer = (text) => new TextEncoder().encode(text).slice().buffer;
