import assert from "node:assert/strict";
import { test } from "node:test";

import { judge, NO_REPLY, readReply, refusal } from "../../bridge/web/client/reply.js";

/** A problem document as the bridge answers it. */
function problem(status, code, headers = {}) {
  const body = JSON.stringify({ type: "about:blank", status, code, detail: "why" });
  const type = { "Content-Type": "application/problem+json" };
  return readReply(new Response(body, { status, headers: { ...type, ...headers } }));
}

const page = (status) =>
  readReply(new Response("<html>", { status, headers: { "Content-Type": "text/html" } }));

test("numbers are read from the headers, and what is no number is none", async () => {
  const headers = { "XMLSocket-First": "7", "XMLSocket-Ack": "0", "Retry-After": "Wed, 21 Oct" };
  const reply = await readReply(new Response("a\0", { headers }));
  assert.deepEqual([reply.first, reply.ack, reply.retryAfterS], [7, 0, 0]);
  assert.equal((await page(200)).ack, null);
});

test("a body that claims to be JSON and is not says nothing", async () => {
  const headers = { "Content-Type": "application/problem+json" };
  for (const body of ["", "{", "7", "null"]) {
    assert.deepEqual((await readReply(new Response(body, { status: 500, headers }))).document, {});
  }
});

test("410 ends the session with the bridge's reason", async () => {
  const outcome = judge(await problem(410, "daemon-closed"), true);
  assert.equal(outcome.kind, "ended");
  assert.deepEqual([outcome.code, outcome.detail, outcome.failed], ["daemon-closed", "why", false]);
});

test("410 says when to open another session", async () => {
  assert.equal(judge(await problem(410, "shutdown", { "Retry-After": "17" }), true).retryAfterS, 17);
  assert.equal(judge(await problem(410, "kicked"), true).retryAfterS, 0);
});

test("a session unknown, a gap and a request refused for good are failures", async () => {
  for (const [status, code] of [[404, "unknown-session"], [409, "gap"], [403, "origin-denied"]]) {
    const outcome = judge(await problem(status, code), true);
    assert.deepEqual([outcome.kind, outcome.code, outcome.failed], ["ended", code, true]);
  }
});

test("what passes by itself costs the connection only", async () => {
  const passing = [
    [408, "request-timeout"],
    [429, "rate-limited"],
    [500, "internal"],
    [503, "draining"],
  ];
  for (const [status, code] of passing) {
    assert.equal(judge(await problem(status, code), true).kind, "lost", code);
  }
});

test("being displaced shows that the way is good", async () => {
  assert.deepEqual(judge(await problem(409, "displaced"), false), {
    kind: "lost",
    worked: true,
    retryAfterS: 0,
  });
});

test("the time the bridge wants to be left alone is kept", async () => {
  assert.equal(judge(await problem(503, "draining", { "Retry-After": "3" }), true).retryAfterS, 3);
});

test("another's error page says nothing about the session", async () => {
  for (const status of [200, 204, 403, 404, 410, 502]) {
    const body = status === 204 ? null : "<html>";
    const reply = await readReply(new Response(body, { status }));
    assert.equal(judge(reply, false).kind, "lost", String(status));
  }
});

test("why a session could not be opened is the bridge's code, or one in its place", async () => {
  assert.equal(refusal(await problem(404, "unknown-daemon")).code, "unknown-daemon");
  assert.equal(refusal(await page(404)).code, "unexpected-answer");
  assert.equal(refusal(NO_REPLY).code, "unreachable");
});

test("a proxy that does not reach the bridge is told from no answer, and from the bridge", async () => {
  for (const status of [502, 503, 504]) {
    const { code, detail } = refusal(await page(status));
    assert.deepEqual([code, detail.includes(`HTTP status ${status}`)], ["unreachable", true]);
    assert.match(detail, /a proxy answers, but not the bridge behind it/);
  }
  assert.equal(refusal(await problem(502, "daemon-unreachable")).code, "daemon-unreachable");
});

test("a proxy may say when to come back, too", async () => {
  const reply = await readReply(new Response("", { status: 503, headers: { "Retry-After": "4" } }));
  assert.equal(refusal(reply).retryAfterS, 4);
});
