/** An XML outline on the page, indented and to be folded. All of it is text, none of it markup. */

import { toCount, toVisible } from "./display.js";

/** @typedef {import("./xml-outline.js").Node} Node */

/** @param {import("./xml-outline.js").Outline} outline */
export function treeOf({ roots, left }) {
  const tree = element("div", "tree", ...roots.map(branch));
  if (left > 0) tree.append(element("p", "left", `${toCount(left, "character")} more, shown under Raw`));
  return tree;
}

/**
 * Folds or unfolds all below the outermost elements.
 *
 * @param {HTMLElement} tree
 * @param {boolean} isOpen
 */
export function foldAll(tree, isOpen) {
  for (const details of tree.querySelectorAll("details")) {
    details.open = isOpen || details.parentElement === tree;
  }
}

/** Nested no deeper than the outline's bound. @param {Node} node  @returns {HTMLElement} */
function branch(node) {
  if (node.kind !== "element") return element("div", node.kind, toVisible(node.text));
  const [only, ...others] = node.children;
  if (!only) return element("div", "line", ...openingTag(node), ...(node.isEmpty ? [] : closingTag(node)));
  if (others.length === 0 && only.kind === "text") {
    const text = element("span", "text", toVisible(only.text));
    return element("div", "line", ...openingTag(node), text, ...closingTag(node));
  }
  const count = element("span", "count", `${toCount(node.children.length, "node")}`);
  const details = /** @type {HTMLDetailsElement} */ (element(
    "details",
    "",
    element("summary", "", ...openingTag(node), count),
    element("div", "children", ...node.children.map(branch)),
    element("div", "end", ...closingTag(node)),
  ));
  details.open = true;
  return details;
}

/** @param {Node} node */
function openingTag({ text, attributes, isEmpty }) {
  const parts = attributes.flatMap(({ name, value }) => [
    " ",
    element("span", "attribute", name),
    "=",
    element("span", "value", toVisible(value)),
  ]);
  return ["<", element("span", "name", text), ...parts, isEmpty ? "/>" : ">"];
}

/** @param {Node} node */
const closingTag = ({ text }) => ["</", element("span", "name", text), ">"];

/**
 * @param {string} tag
 * @param {string} className
 * @param {(HTMLElement | string)[]} children
 */
function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}
