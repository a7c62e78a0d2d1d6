import assert from "node:assert/strict";
import { test } from "node:test";

import { Credential } from "../../bridge/web/client/credential.js";

test("token and ticket are shown as they are, or as the page fetches them", async () => {
  const shown = await new Credential("t.o-k_e~n+/==", async () => "ticket").show();
  assert.deepEqual(shown, { token: "t.o-k_e~n+/==", ticket: "ticket" });
});

test("a token that cannot be shown is told of in plain words", async () => {
  for (const token of ["", "two words", "tökén", "=token"]) {
    const { kind, code, detail } = await new Credential(token).show();
    assert.deepEqual([kind, code], ["ended", "no-credential"]);
    assert.match(detail, /^a token has only letters/);
  }
});

test("why the page could not fetch one is told as the page says it", async () => {
  const failing = (reason) => new Credential(() => Promise.reject(reason)).show();
  assert.equal((await failing(new Error("logged out"))).detail, "logged out");
  assert.equal((await failing("logged out")).detail, "logged out");
  assert.equal((await failing(undefined)).detail, "undefined");
});
