/** XML documents to and from messages, by the browser's own parser. */

// Instead of raising an error, browsers put an element of this name into the document, each in a
// namespace of its own choice. In any other it is the daemon's own.
const PARSER_ERROR = "parsererror";
const BAD = "<";

/** @type {string | null | undefined} that of the browser's errors */
let namespace;

// The name by which a page that demands Trusted Types allows this module to parse messages.
const POLICY = "xmlsocket";

/** @type {{ createHTML: (text: string) => any } | undefined} */
let policy;

/**
 * Never throws. When the page's security policy forbids parsing, that is reported as an error of
 * the page.
 *
 * @param {string} text
 * @returns {XMLDocument | null} `null` for what is not well-formed, a keep-alive for instance, and
 *     where there is no parser (in a worker)
 */
export function parseXML(text) {
  if (text === "" || typeof DOMParser === "undefined") return null;
  try {
    namespace ??= parse(BAD).getElementsByTagName(PARSER_ERROR)[0].namespaceURI;
    const document = parse(text);
    return document.getElementsByTagNameNS(namespace, PARSER_ERROR)[0] ? null : document;
  } catch (error) {
    reportError(error);
    return null;
  }
}

/** @param {string} text */
const parse = (text) => new DOMParser().parseFromString(trust(text), "text/xml");

/**
 * A document that was parsed is not part of the page, and nothing in it is run.
 *
 * @param {string} text
 */
function trust(text) {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  policy ??= trustedTypes?.createPolicy(POLICY, { createHTML: (/** @type {string} */ xml) => xml });
  return policy?.createHTML(text) ?? text;
}

/**
 * @param {unknown} value
 * @returns {string | Uint8Array}
 */
export function serializeXML(value) {
  if (value instanceof Uint8Array) return value;
  const node = /** @type {any} */ (value);
  // Known by its shape: a node from another window is no instance of this window's class.
  return node?.nodeType ? new XMLSerializer().serializeToString(node) : String(value);
}
