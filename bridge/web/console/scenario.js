/**
 * What was sent and when, as a file: `{"format", "version", "daemon", "messages": [{"at_ms", "text"}]}`,
 * a message that is no text as `base64`. `at_ms` counts from the first message. Pure.
 */

/** @typedef {import("../client/framing.js").Message} Message */

/**
 * @typedef {object} Scenario
 * @property {string} daemon  that it was said to
 * @property {{ atMs: number, message: Message }[]} messages  in order
 */

const FORMAT = "xmlsocket-bridge-scenario";
const VERSION = 1;

// As many as the journal keeps, no later than timers reach; the file is read as a whole.
const MOST_MESSAGES = 10_000;
const LATEST_MS = 24 * 60 * 60 * 1000;
export const MOST_FILE_BYTES = 32 * 1024 * 1024;

/**
 * @param {import("./entry.js").Entry[]} entries  those sent are taken
 * @param {string} daemon
 * @returns {Scenario}
 */
export function scenarioOf(entries, daemon) {
  const sent = entries.filter(({ kind }) => kind === "sent");
  const messages = sent.map(({ atMs, message }) => ({
    atMs: Math.round(atMs - sent[0].atMs),
    message: /** @type {Message} */ (message),
  }));
  return { daemon, messages };
}

/** @param {Scenario} scenario */
export function writeScenario({ daemon, messages }) {
  const written = messages.map(({ atMs, message }) =>
    typeof message === "string"
      ? { at_ms: atMs, text: message }
      : { at_ms: atMs, base64: toBase64(message) },
  );
  return `${JSON.stringify({ format: FORMAT, version: VERSION, daemon, messages: written }, null, 2)}\n`;
}

/**
 * @param {string} text
 * @returns {Scenario}
 * @throws {TypeError} with a message for people, when it is no scenario
 */
export function readScenario(text) {
  const read = parse(text);
  if (read?.format !== FORMAT || read.version !== VERSION) throw new TypeError("this is no scenario");
  const { daemon, messages } = read;
  if (typeof daemon !== "string" || !Array.isArray(messages) || messages.length === 0) {
    throw new TypeError("the scenario has no messages");
  }
  if (messages.length > MOST_MESSAGES) {
    throw new TypeError(`the scenario has more than ${MOST_MESSAGES} messages`);
  }
  let latestMs = 0;
  const known = messages.map((message, index) => {
    const { at_ms: atMs } = message ?? {};
    if (!(atMs >= latestMs && atMs <= LATEST_MS)) {
      throw new TypeError(`message ${index + 1} of the scenario is out of time`);
    }
    latestMs = atMs;
    return { atMs, message: contentOf(message, index + 1) };
  });
  return { daemon, messages: known };
}

/** @param {string} text  @returns {any} `null` for what is no JSON */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {{ text?: unknown, base64?: unknown }} message  @param {number} number */
function contentOf({ text, base64 }, number) {
  if (typeof text === "string") return text;
  try {
    if (typeof base64 === "string") return Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  } catch {
    // It is no base64, which is told below.
  }
  throw new TypeError(`message ${number} of the scenario is neither text nor base64`);
}

/** @param {Uint8Array} bytes */
const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
