import assert from "node:assert/strict";
import { test } from "node:test";

import { pressed, SHORTCUTS } from "../../bridge/web/console/shortcuts.js";

const NONE = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };

test("a key does what it is listed for, as a capital letter too", () => {
  assert.equal(pressed({ ...NONE, key: "/" }, false), "/");
  assert.equal(pressed({ ...NONE, key: "M" }, false), "m");
});

test("keys that are written, or mean something to the browser, do nothing", () => {
  assert.equal(pressed({ ...NONE, key: "m" }, true), null);
  for (const other of ["ctrlKey", "metaKey", "altKey", "isComposing"]) {
    assert.equal(pressed({ ...NONE, key: "m", [other]: true }, false), null, other);
  }
});

test("keys of one part alone are left to it", () => {
  assert.equal(pressed({ ...NONE, key: "Enter" }, false), null);
});

test("no key does two things", () => {
  const keys = SHORTCUTS.filter(({ isLocal }) => !isLocal).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});
