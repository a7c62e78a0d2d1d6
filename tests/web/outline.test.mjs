import assert from "node:assert/strict";
import { test } from "node:test";

import { outlineOf } from "../../bridge/web/console/xml-outline.js";

/** The outline as nested arrays: an element's name and its children, all else as written. */
function shapeOf({ kind, text, children }) {
  return kind === "element" ? [text, ...children.map(shapeOf)] : text;
}

const shapes = (text) => outlineOf(text)?.roots.map(shapeOf) ?? null;

test("elements are nested as they are written", () => {
  assert.deepEqual(shapes("<a><b>one</b><c/></a>"), [["a", ["b", "one"], ["c"]]]);
});

test("attributes keep their quotes and entities, whatever stands in them", () => {
  const [{ attributes, isEmpty }] = outlineOf(`<a b="1 > 0" c = '&lt;"/'/>`).roots;
  assert.deepEqual(attributes, [
    { name: "b", value: '"1 > 0"' },
    { name: "c", value: `'&lt;"/'` },
  ]);
  assert.equal(isEmpty, true);
});

test("comments, CDATA and instructions are shown as written, white space between tags is not", () => {
  const text = "<?xml version='1.0'?>\n<a>\n  <!-- <b> -->\n  <![CDATA[<c>]]>\n</a>";
  assert.deepEqual(shapes(text), ["<?xml version='1.0'?>", ["a", "<!-- <b> -->", "<![CDATA[<c>]]>"]]);
});

test("what is no XML has no outline", () => {
  const others = ["", "text", "ping\n", "<a>", "</a>", "<a></b>", "<a", "<a b='>", "<!-- <a/>"];
  for (const text of others) assert.equal(outlineOf(text), null, text);
});

test("a document type has none either, so that no entity is ever resolved", () => {
  assert.equal(outlineOf('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), null);
  assert.deepEqual(shapes("<a>&b;</a>"), [["a", "&b;"]]);
});

test("a document too deep is shown as far as that, and the rest is counted", () => {
  const text = "<a>".repeat(5_000) + "</a>".repeat(5_000);
  const { roots, left } = outlineOf(text);
  let [node, depth] = [roots[0], 0];
  for (; node; depth += 1) node = node.children[0];
  assert.equal(depth, 101);
  assert.equal(left, text.length - 3 * 101);
});

test("a document of too many nodes is shown up to those, and the rest is counted", () => {
  const { roots, left } = outlineOf(`<a>${"<b/>".repeat(10_000)}</a>`);
  assert.equal(roots[0].children.length, 1_999);
  assert.equal(left, (10_000 - 1_999) * 4 + 4);
});

test("what is very long has none", () => {
  assert.equal(outlineOf(`<a>${"x".repeat(300_000)}</a>`), null);
});

test("the longest attribute, and one that never ends, are read without harm", () => {
  const long = "x".repeat(250_000);
  assert.equal(outlineOf(`<a b="${long}"/>`).roots[0].attributes[0].value.length, 250_002);
  assert.equal(outlineOf(`<a b="${long}`), null);
  assert.equal(outlineOf(`<a ${"b".repeat(250_000)}`), null);
});
