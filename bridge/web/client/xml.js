/** XML documents to and from messages, by the browser's own parser. */

// Instead of raising an error, browsers put an element of this name into the document: Chromium and
// Safari in the first namespace, Firefox in the second. In any other it is the daemon's own.
const PARSER_ERROR = "parsererror";
const NAMESPACES = [
  "http://www.w3.org/1999/xhtml",
  "http://www.mozilla.org/newlayout/xml/parsererror.xml",
];

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
    const document = new DOMParser().parseFromString(trust(text), "text/xml");
    const isBad = NAMESPACES.some((name) => document.getElementsByTagNameNS(name, PARSER_ERROR)[0]);
    return isBad ? null : document;
  } catch (error) {
    reportError(error);
    return null;
  }
}

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
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  // Known by its shape: a node from another window is no instance of this window's class.
  const isNode = typeof value === "object" && value !== null && "nodeType" in value;
  if (!isNode) return String(value);
  return new XMLSerializer().serializeToString(/** @type {Node} */ (value));
}
