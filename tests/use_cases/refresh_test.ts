import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { FeedError, StoreError } from "../../src/core/errors.ts";
import type { FeedAnswer } from "../../src/core/ports.ts";
import type { Summary } from "../../src/core/summary.ts";
import { Background } from "../../src/use_cases/background.ts";
import { Refresher } from "../../src/use_cases/refresh.ts";
import { keepLog } from "../helpers/log.ts";
import { MemorySeries, MemorySummaryCache } from "../helpers/memory.ts";
import { NOW, pairAt, RISING_SUMMARY, risingAnswer } from "../helpers/samples.ts";

/** A refresher on memory; the test changes what its parts answer. */
function setUp(minIntervalMs = 0) {
  const log = keepLog();
  const background = new Background(log);
  const series = new MemorySeries();
  const cache = new MemorySummaryCache();
  const time = { now: NOW };
  const feed = {
    name: "test",
    fetches: 0,
    answer: (): FeedAnswer | Promise<FeedAnswer> => risingAnswer(),
    fetchSamples: async () => {
      feed.fetches++;
      return await feed.answer();
    },
  };
  const summaries: Summary[] = [];
  const ends: string[] = [];
  const refresher = new Refresher({
    ...{ feed, series, cache, background, log, minIntervalMs },
    clock: () => time.now,
    sleep: (ms) => ms < 20_000 ? Promise.resolve() : new Promise(() => {}),
    random: () => 0.5,
    signal: new AbortController().signal,
    onSummary: (summary) => summaries.push(summary),
    onEnd: (end) => ends.push("report" in end ? "report" : String(end.error)),
  });
  return { refresher, feed, series, cache, background, log, summaries, ends, time };
}

Deno.test("Refresher.refresh() stores samples, then renews the summary and caches it", async () => {
  const { refresher, cache, background, summaries } = setUp();
  assertEquals(await refresher.refresh(), {
    ...{ feed: "test", received: 6, stored: 6, duplicates: 0, rejected: 0 },
    as_of: "2021-07-07T12:30:00.000Z",
  });
  await background.drain();
  assertEquals(cache.summary, RISING_SUMMARY);
  assertEquals(summaries, [RISING_SUMMARY]);
});

Deno.test("Refresher.refresh() counts what it received and what became of it", async () => {
  const { refresher, feed } = setUp();
  await refresher.refresh();
  feed.answer = () => ({ samples: [...risingAnswer().samples, ...pairAt(NOW + 1)], rejected: 4 });
  const { received, stored, duplicates, rejected } = await refresher.refresh();
  assertEquals({ received, stored, duplicates, rejected }, {
    ...{ received: 12, stored: 2, duplicates: 6, rejected: 4 },
  });
});

Deno.test("Refresher.refresh() leads to no summary while a metric has no sample", async () => {
  const { refresher, feed, summaries } = setUp();
  feed.answer = () => ({ samples: pairAt(NOW).slice(0, 1), rejected: 0 });
  const { as_of } = await refresher.refresh();
  assertEquals([as_of, summaries.length], [null, 0]);
});

Deno.test("Refresher.refresh() asks the feed once for all who ask meanwhile", async () => {
  const { refresher, feed } = setUp();
  const [first, second] = await Promise.all([refresher.refresh(), refresher.refresh()]);
  assertStrictEquals(first, second);
  assertEquals(feed.fetches, 1);
});

Deno.test("Refresher.refresh() leaves the feed alone for the least interval", async () => {
  const { refresher, feed, time } = setUp(5_000);
  const first = await refresher.refresh();
  time.now += 4_999;
  assertStrictEquals(await refresher.refresh(), first);
  assertEquals(feed.fetches, 1);
  await refresher.refresh({ maxAgeMs: 0 });
  assertEquals(feed.fetches, 2);
  time.now += 5_000;
  await refresher.refresh();
  assertEquals(feed.fetches, 3);
});

Deno.test("Refresher.refresh() leaves all as it was when the feed fails, and tries anew", async () => {
  const { refresher, feed, cache, background, log, ends, time } = setUp(5_000);
  await refresher.refresh();
  await background.drain();
  time.now += 5_000;
  feed.answer = () => Promise.reject(new FeedError("timeout", "too slow"));
  await assertRejects(() => refresher.refresh(), FeedError);
  await assertRejects(() => refresher.refresh(), FeedError);
  assertEquals([feed.fetches, cache.summary], [3, RISING_SUMMARY]);
  assertEquals(log.lines.map(({ level }) => level), ["info", "warn", "warn"]);
  assertEquals(ends, ["report", "FeedError: too slow", "FeedError: too slow"]);
});

Deno.test("Refresher.refresh() fails when the store does, and logs it", async () => {
  const { refresher, series, log } = setUp();
  series.failure = new StoreError("away");
  await assertRejects(() => refresher.refresh(), StoreError);
  assertEquals(log.lines.map(({ level, message }) => [level, message]), [[
    "warn",
    "refresh failed",
  ]]);
});

Deno.test("Refresher.refresh() reports and logs the sources that failed while others answered", async () => {
  const { refresher, feed, log } = setUp();
  const error = new FeedError("timeout", "too slow", { cause: new Error("why") });
  feed.answer = () => ({ ...risingAnswer(), failures: [{ source: "a", error }] });
  const { stored, failed_sources } = await refresher.refresh();
  assertEquals([stored, failed_sources], [6, [
    { source: "a", fault: "timeout", message: "too slow" },
  ]]);
  assertEquals(log.lines[0], {
    ...{ level: "warn", message: "a source failed", fields: { source: "a", error } },
  });
});

Deno.test("Refresher.refresh() has no word on failed sources where there are none", async () => {
  const { refresher, feed } = setUp();
  feed.answer = () => ({ ...risingAnswer(), failures: [] });
  assertEquals("failed_sources" in await refresher.refresh(), false);
});

Deno.test("Refresher.refresh() asks a feed that fails as often as it is told", async () => {
  const { refresher, feed } = setUp();
  feed.answer = () => Promise.reject(new FeedError("timeout", "too slow"));
  await assertRejects(() => refresher.refresh(), FeedError);
  assertEquals(feed.fetches, 1);
  feed.answer = () => {
    if (feed.fetches < 4) throw new FeedError("timeout", "too slow");
    return risingAnswer();
  };
  assertEquals((await refresher.refresh({ tries: 3 })).stored, 6);
  assertEquals(feed.fetches, 4);
});

Deno.test.each([
  { error: new FeedError("unavailable", "later", { retryAfterMs: 0 }) },
  { error: new TypeError("a bug") },
])("Refresher.refresh() does not ask again after $error", async ({ error }) => {
  const { refresher, feed } = setUp();
  feed.answer = () => Promise.reject(error);
  await assertRejects(() => refresher.refresh({ tries: 3 }), Error, error.message);
  assertEquals(feed.fetches, 1);
});

Deno.test("Refresher.refresh() does not mind a cache that fails", async () => {
  const { refresher, cache, background, summaries } = setUp();
  cache.failure = new StoreError("full");
  assertEquals((await refresher.refresh()).stored, 6);
  await background.drain();
  assertEquals(summaries.length, 1);
});
