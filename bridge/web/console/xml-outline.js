/**
 * The structure of an XML message as it is written: for the eye, not for programs. Pure.
 *
 * It reads one token after the other, resolves no entity and believes no declaration, so that
 * whatever a daemon sends costs time in proportion to its length and nothing else. What is not
 * nested rightly has no outline, and neither has what declares a document type.
 */

/**
 * @typedef {object} Node
 * @property {"element" | "text" | "comment" | "cdata" | "instruction"} kind
 * @property {string} text  the element's name, else all of it as written
 * @property {Attribute[]} attributes  of an element
 * @property {boolean} isEmpty  whether the element was written with one tag
 * @property {Node[]} children  of an element; white space between tags is left out
 */

/** @typedef {{ name: string, value: string }} Attribute  the value with its quotes */

/** @typedef {{ roots: Node[], left: number }} Outline  `left`: characters behind the bounds */

// Deeper nesting cannot be shown, more nodes take more than a moment to show.
const MOST_DEPTH = 100;
const MOST_NODES = 2_000;
const MOST_CHARACTERS = 256 * 1024;

const TOKEN =
  /(<!--[^]*?-->)|(<!\[CDATA\[[^]*?\]\]>)|(<\?[^]*?\?>)|<(\/?)([^\s<>"'\/=!?]+)((?:"[^"]*"|'[^']*'|[^<>"'])*)>|([^<]+)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g;

/**
 * @param {string} text
 * @returns {Outline | null} `null` for what is no XML, or too long
 */
export function outlineOf(text) {
  if (text.length > MOST_CHARACTERS) return null;
  /** @type {Node[]} */
  const roots = [];
  /** @type {Node[]} */
  const open = [];
  let nodes = 0;
  const token = new RegExp(TOKEN);
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    if (nodes >= MOST_NODES || open.length > MOST_DEPTH) return { roots, left: text.length - at };
    const match = token.exec(text);
    if (!match) return null;
    const { 4: slash, 5: name } = match;
    if (name !== undefined && slash) {
      if (open.pop()?.text !== name) return null;
      continue;
    }
    const node = nodeOf(match);
    if (!node) continue;
    nodes += 1;
    (open.at(-1)?.children ?? roots).push(node);
    if (node.kind === "element" && !node.isEmpty) open.push(node);
  }
  const hasElement = roots.some(({ kind }) => kind === "element");
  return open.length === 0 && hasElement ? { roots, left: 0 } : null;
}

/** @param {RegExpExecArray} match  @returns {Node | null} `null` for white space */
function nodeOf([all, comment, cdata, instruction, , name, rest]) {
  if (name === undefined) {
    if (comment) return leaf("comment", comment);
    if (cdata) return leaf("cdata", cdata);
    if (instruction) return leaf("instruction", instruction);
    return all.trim() === "" ? null : leaf("text", all.trim());
  }
  const attributes = Array.from(rest.matchAll(ATTRIBUTE), ([, name, value]) => ({ name, value }));
  const isEmpty = rest.endsWith("/");
  return { kind: "element", text: name, attributes, isEmpty, children: [] };
}

/** @param {Exclude<Node["kind"], "element">} kind  @param {string} text  @returns {Node} */
const leaf = (kind, text) => ({ kind, text, attributes: [], isEmpty: true, children: [] });
