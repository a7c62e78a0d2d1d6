import assert from "node:assert/strict";
import { test } from "node:test";

import { LEFT, lost } from "../../bridge/web/client/outcome.js";
import { Route } from "../../bridge/web/client/route.js";

const BOTH = ["websocket", "long-poll"];
const STAY_MS = 30_000;

/** A route whose pauses are the longest that chance allows. */
const routeOf = (transports) => new Route(transports, STAY_MS, { random: () => 1 });

test("it begins with the best transport and stays with it", () => {
  const route = routeOf(BOTH);
  assert.equal(route.transport, "websocket");
  assert.equal(route.stayMs, Infinity);
});

test("a transport that does not get through makes room for the next at once", () => {
  const route = routeOf(BOTH);
  assert.equal(route.after(lost(false), false), 0);
  assert.equal(route.transport, "long-poll");
});

test("when none gets through it goes on from the start, after pauses that double", () => {
  const route = routeOf(BOTH);
  const pauses = [1, 2, 3, 4].map(() => {
    route.after(lost(false), false);
    const pauseMs = route.after(lost(false), false);
    assert.equal(route.transport, "websocket");
    return pauseMs;
  });
  assert.deepEqual(pauses, [500, 1000, 2000, 4000]);
});

test("a transport that had worked is tried again", () => {
  const route = routeOf(BOTH);
  route.after(lost(true), true);
  assert.equal(route.transport, "websocket");
});

test("a transport that keeps breaking soon makes room for the next", () => {
  const route = routeOf(BOTH);
  const tried = [1, 2, 3, 4].map(() => {
    route.after(lost(true), false);
    return route.transport;
  });
  assert.deepEqual(tried, ["websocket", "websocket", "websocket", "long-poll"]);
});

test("a transport that worked for a good while is forgiven what was before", () => {
  const route = routeOf(["websocket"]);
  for (let times = 0; times < 5; times += 1) route.after(lost(true), false);
  assert.equal(route.after(lost(true), true), 500);
});

test("pauses are cut by chance to no less than half", () => {
  const route = new Route(["websocket"], STAY_MS, { random: () => 0 });
  assert.equal(route.after(lost(false), false), 250);
});

test("pauses end at the longest, and for a session soon given up at a part of its time", () => {
  const pausesOf = (route) => Array.from({ length: 9 }, () => route.after(lost(false), false));
  assert.equal(Math.max(...pausesOf(routeOf(["websocket"]))), 10_000);
  const hurried = routeOf(["websocket"]);
  hurried.hurry(6_000);
  assert.equal(Math.max(...pausesOf(hurried)), 1_000);
});

test("pauses stay short as long as the bridge is reached in between", () => {
  const route = routeOf(["long-poll"]);
  const pauses = Array.from({ length: 6 }, () => route.after(lost(true), false));
  assert.deepEqual(pauses, [500, 1000, 2000, 2000, 2000, 2000]);
});

test("the bridge's own wish for a pause is respected", () => {
  assert.equal(routeOf(["long-poll"]).after(lost(false, 7), false), 7_000);
});

test("the best transport is tried again at ever longer intervals", () => {
  const route = routeOf(BOTH);
  route.after(lost(false), false);
  const stays = [1, 2, 3].map(() => {
    const { stayMs } = route;
    route.tried(false);
    assert.equal(route.transport, "long-poll");
    return stayMs;
  });
  assert.deepEqual(stays, [30_000, 60_000, 120_000]);
});

test("once the best transport has held, the intervals begin anew", () => {
  const route = routeOf(BOTH);
  route.after(lost(false), false);
  route.tried(true);
  route.after(lost(true), true);
  route.after(lost(false), false);
  assert.equal(route.stayMs, STAY_MS);
});

test("a transport that works when it is tried is used from then on", () => {
  const route = routeOf(BOTH);
  route.after(lost(false), false);
  route.tried(true);
  assert.equal(route.transport, "websocket");
});

test("it begins with the transport remembered, and goes on to try the best one", () => {
  const route = new Route(BOTH, STAY_MS, { remembered: "long-poll" });
  assert.deepEqual([route.transport, route.stayMs], ["long-poll", STAY_MS]);
});

test("a memory of no use is none", () => {
  for (const remembered of [null, "pigeon"]) {
    assert.equal(new Route(BOTH, STAY_MS, { remembered }).transport, "websocket");
  }
});

test("on another network all is tried anew", () => {
  const route = routeOf(BOTH);
  route.after(lost(false), false);
  route.tried(false);
  route.renew();
  assert.equal(route.after(LEFT, false), 0);
  assert.equal(route.transport, "websocket");
  route.after(lost(false), false);
  assert.equal(route.stayMs, STAY_MS);
});
