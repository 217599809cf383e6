import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { StoreError } from "../../src/redis/command.ts";
import { refresh, type RefreshEnd } from "../../src/refresh/refresh.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { createRefreshParts } from "../helpers/refresh_parts.ts";
import { createTestStore } from "../helpers/store.ts";
import { NOW, pairAt, risingAnswer, risingAt } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };
const DAY_MS = 86_400_000;

async function setUp({ retentionMs = 365 * DAY_MS } = {}) {
  const feed = createFakeFeed({ test: () => risingAnswer() });
  const store = await createTestStore({ retentionMs });
  const parts = createRefreshParts(feed, store);
  return {
    ...parts,
    store,
    feed,
    source: feed.fakes.test,
    refresh: () => refresh(parts, 1),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function reportOf({ outcome }: RefreshEnd) {
  if ("error" in outcome) throw outcome.error;
  return outcome.report;
}

function errorOf({ outcome }: RefreshEnd): unknown {
  return "error" in outcome ? outcome.error : undefined;
}

Deno.test("refresh() stores samples and publishes their summary", LIMIT, async () => {
  await using test = await setUp();
  const { refresh, published, log } = test;
  const report = {
    feed: "test",
    received: 6,
    stored: 6,
    duplicates: 0,
    rejected: 0,
    as_of: "2021-07-07T12:30:00.000Z",
    refreshed_at: "2021-07-07T12:30:00.000Z",
  };
  assertEquals(reportOf(await refresh()), report);
  assertEquals(published, [risingAt(NOW + 1)]);
  assertEquals(log.lines, [{ level: "info", message: "refreshed", fields: report }]);
});

Deno.test("refresh() publishes nothing when nothing is new", LIMIT, async () => {
  await using test = await setUp();
  const { refresh, published } = test;
  await refresh();
  const { stored, duplicates, as_of } = reportOf(await refresh());
  assertEquals([stored, duplicates, as_of], [0, 6, "2021-07-07T12:30:00.000Z"]);
  assertEquals(published.length, 1);
});

Deno.test("refresh() counts all samples by what happened to them", LIMIT, async () => {
  await using test = await setUp();
  const { refresh, source } = test;
  await refresh();
  source.answer = () => ({ samples: [...risingAnswer().samples, ...pairAt(NOW + 1)], rejected: 4 });
  const { received, stored, duplicates, rejected } = reportOf(await refresh());
  assertEquals([received, stored, duplicates, rejected], [12, 2, 6, 4]);
});

Deno.test("refresh() counts expired samples apart from those received", LIMIT, async () => {
  await using test = await setUp({ retentionMs: DAY_MS });
  const { refresh, source } = test;
  source.answer = () => ({ samples: [...pairAt(NOW), ...pairAt(NOW - 2 * DAY_MS)], rejected: 0 });
  const { received, stored, rejected, expired } = reportOf(await refresh());
  assertEquals([received, stored, rejected, expired], [2, 2, 0, 2]);
});

Deno.test("refresh() publishes no summary while a metric has no sample", LIMIT, async () => {
  await using test = await setUp();
  const { refresh, source, published } = test;
  source.answer = () => ({ samples: pairAt(NOW).slice(0, 1), rejected: 0 });
  assertEquals(reportOf(await refresh()).as_of, null);
  assertEquals(published, []);
});

Deno.test("refresh() reports the sources that failed while others answered", LIMIT, async () => {
  const error = new FeedError("timeout", "b is slow", { cause: new Error("why") });
  await using store = await createTestStore();
  const feed = createFakeFeed({ a: () => risingAnswer(), b: () => Promise.reject(error) });
  const parts = createRefreshParts(feed, store);
  const end = await refresh(parts, 1);
  assertEquals(reportOf(end).failed_sources, [
    { source: "b", fault: "timeout", message: "b is slow" },
  ]);
  assertEquals(end.failures, [{ source: "b", error }]);
  assertEquals(parts.log.lines[0], {
    level: "warn",
    message: "a source failed",
    fields: { source: "b", error },
  });
});

Deno.test("refresh() has no list of failed sources when none failed", LIMIT, async () => {
  await using test = await setUp();
  assertEquals("failed_sources" in reportOf(await test.refresh()), false);
});

Deno.test("refresh() says when the last minutes rest on one source", LIMIT, async () => {
  await using store = await createTestStore();
  const feed = createFakeFeed({ test: () => risingAnswer() });
  const combine = () => ({ ...risingAnswer(), degraded: true });
  const parts = createRefreshParts({ ...feed, combine }, store);
  assertEquals(reportOf(await refresh(parts, 1)).degraded, true);
  assertEquals("degraded" in reportOf(await refresh(createRefreshParts(feed, store), 1)), false);
});

Deno.test("refresh() leaves everything as it was when all sources fail", LIMIT, async () => {
  await using test = await setUp();
  const { refresh, source, published, store, log } = test;
  await refresh();
  source.answer = () => Promise.reject(new FeedError("timeout", "too slow"));
  const error = errorOf(await refresh());
  assertEquals(error instanceof FeedError && error.fault, "timeout");
  assertEquals([published.length, await store.revision.create()], [1, NOW + 1]);
  assertEquals(log.lines.map(({ level }) => level), ["info", "warn", "warn"]);
});

Deno.test("refresh() fails when the store does", LIMIT, async () => {
  await using test = await setUp();
  const { refresh, store, log } = test;
  store.failure = new Error("Connection is closed.");
  assert(errorOf(await refresh()) instanceof StoreError);
  assertEquals(log.lines.map(({ message }) => message), ["refresh failed"]);
});

Deno.test("refresh() stores what the others returned when a source has a bug", LIMIT, async () => {
  const bug = new RangeError("Maximum call stack size exceeded");
  await using store = await createTestStore();
  const feed = createFakeFeed({ a: () => risingAnswer(), b: () => Promise.reject(bug) });
  const { stored, failed_sources } = reportOf(await refresh(createRefreshParts(feed, store), 1));
  assertEquals(stored, 6);
  assertEquals(failed_sources?.map(({ source, fault }) => [source, fault]), [["b", "invalid"]]);
});

Deno.test("refresh() ends with an unexpected error", LIMIT, async () => {
  await using test = await setUp();
  const { feed, log, ...parts } = test;
  const bug = new TypeError("a bug");
  const combine = () => {
    throw bug;
  };
  const loadFeed = () => Promise.resolve({ ...feed, combine });
  assertStrictEquals(errorOf(await refresh({ ...parts, log, loadFeed }, 1)), bug);
  assertEquals(log.lines, [
    { level: "error", message: "refresh failed", fields: { feed: "test", error: bug } },
  ]);
});
