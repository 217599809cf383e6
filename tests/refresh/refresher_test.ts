import { assertEquals, assertRejects } from "@std/assert";
import { BusyError } from "../../src/http/problem.ts";
import { FeedError } from "../../src/feeds/errors.ts";
import { StoreError } from "../../src/redis/command.ts";
import type { SourceAnswer } from "../../src/feeds/feed.ts";
import { Refresher, ReplayedError } from "../../src/refresh/refresher.ts";
import { eventually } from "../helpers/eventually.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { createRefreshParts } from "../helpers/refresh_parts.ts";
import { createTestStore } from "../helpers/store.ts";
import { NOW, risingAnswer } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };
const INTERVAL_MS = 5_000;
const TOO_SLOW = new FeedError("timeout", "too slow", { retryAfterMs: 7_000 });

/** Two instances that share a feed, a store and a clock; a pause lets time pass. */
async function setUp(minIntervalMs = INTERVAL_MS) {
  const store = await createTestStore();
  const { clock, claims, record } = store;
  const feed = createFakeFeed({ test: () => risingAnswer() });
  const parts = createRefreshParts(feed, store);
  const ends: string[] = [];
  const options = {
    ...parts,
    claims,
    record,
    minIntervalMs,
    async sleep(ms: number, signal: AbortSignal) {
      await parts.sleep(ms, signal);
      clock.advance(ms);
    },
    onEnd: ({ outcome }: { outcome: object }) => ends.push(Object.keys(outcome).join()),
  };
  const [first, second] = [new Refresher(options), new Refresher(options)];
  const own = { first, second, source: feed.fakes.test, claims, store, ends };
  return { ...parts, ...own, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

Deno.test("Refresher.request() refreshes and returns the report", LIMIT, async () => {
  await using test = await setUp();
  const { first, source, record, ends } = test;
  const { report, isReplayed } = await first.request();
  assertEquals([report.stored, isReplayed, source.requests, ends], [6, false, 1, ["report"]]);
  assertEquals(await record.read(), {
    ended_at: new Date(NOW).toISOString(),
    result: { report },
    sources: [{ source: "test", last_success: new Date(NOW).toISOString() }],
  });
});

Deno.test("Refresher.request() holds no claim when the feed can't be loaded", LIMIT, async () => {
  await using test = await setUp();
  const { second, ...parts } = test;
  const loadFeed = () => Promise.reject(new RangeError("out of nowhere"));
  const broken = new Refresher({ ...parts, loadFeed, minIntervalMs: INTERVAL_MS, onEnd() {} });
  await assertRejects(() => broken.request(), RangeError);
  assertEquals((await second.request()).isReplayed, false);
});

Deno.test.each([
  { minIntervalMs: 5_000, atMostMs: 30_000 },
  { minIntervalMs: 60_000, atMostMs: 60_000 },
])("Refresher claims 30 s, of another at most $atMostMs ms", LIMIT, async (row) => {
  await using test = await setUp();
  const asked: unknown[] = [];
  const claims = {
    take(...args: unknown[]) {
      asked.push(args);
      return Promise.resolve(undefined);
    },
  };
  const { minIntervalMs, atMostMs } = row;
  const refresher = new Refresher({ ...test, claims, minIntervalMs, onEnd() {} });
  assertEquals(await refresher.runScheduled(0), false);
  assertEquals(asked, [["refresh", 30_000, atMostMs]]);
});

Deno.test("Refresher.request() shares a refresh among requests", LIMIT, async () => {
  await using test = await setUp();
  const { first, source } = test;
  const [one, two] = await Promise.all([first.request(), first.request()]);
  assertEquals([one, source.requests], [two, 1]);
});

Deno.test("Refresher.request() replays the report within the interval", LIMIT, async () => {
  await using test = await setUp();
  const { first, second, source, clock } = test;
  const { report } = await first.request();
  clock.advance(INTERVAL_MS - 1);
  assertEquals(await second.request(), { report, isReplayed: true });
  assertEquals(source.requests, 1);
  clock.advance(2);
  assertEquals((await second.request()).isReplayed, false);
  assertEquals(source.requests, 2);
});

Deno.test("Refresher.request() replays a failure within the interval", LIMIT, async () => {
  await using test = await setUp();
  const { first, second, source, clock } = test;
  source.answer = () => Promise.reject(TOO_SLOW);
  await assertRejects(() => first.request(), FeedError, "too slow");
  const replayed = await assertRejects(() => second.request(), ReplayedError, "too slow");
  const { cause } = replayed;
  assertEquals(cause instanceof FeedError && [cause.fault, cause.retryAfterMs], ["timeout", 7_000]);
  assertEquals(source.requests, 1);
  clock.advance(INTERVAL_MS + 1);
  await assertRejects(() => second.request(), FeedError);
  assertEquals(source.requests, 2);
});

Deno.test("Refresher.request() tries each source once", LIMIT, async () => {
  await using test = await setUp();
  const { first, source } = test;
  source.answer = () => Promise.reject(new FeedError("timeout", "too slow"));
  await assertRejects(() => first.request(), FeedError);
  assertEquals(source.requests, 1);
});

Deno.test("Refresher.request() counts the interval from the end of a refresh", LIMIT, async () => {
  await using test = await setUp();
  const { first, second, source, clock } = test;
  const answer = Promise.withResolvers<SourceAnswer>();
  source.answer = () => answer.promise;
  const slow = first.request();
  await eventually(() => source.requests === 1);
  clock.advance(20_000);
  answer.resolve(risingAnswer());
  await slow;
  clock.advance(INTERVAL_MS - 1);
  assertEquals((await second.request()).isReplayed, true);
});

Deno.test("Refresher.request() replays a failure of the store", LIMIT, async () => {
  await using test = await setUp();
  const { first, second, writer } = test;
  writer.add = () => Promise.reject(new StoreError("away"));
  await assertRejects(() => first.request(), StoreError, "away");
  const { cause } = await assertRejects(() => second.request(), ReplayedError);
  assertEquals([cause instanceof StoreError, cause.message], [true, "away"]);
});

Deno.test("Refresher.request() does not replay an unexpected error's message", LIMIT, async () => {
  await using test = await setUp();
  const { first, second, writer } = test;
  writer.add = () => Promise.reject(new TypeError("secret"));
  await assertRejects(() => first.request(), TypeError);
  const replayed = await assertRejects(() => second.request(), ReplayedError);
  assertEquals(replayed.message, "The refresh failed unexpectedly");
});

/** An instance whose requests wait beside a first refresh that the test ends. */
async function setUpFirstRefresh() {
  const test = await setUp();
  const answer = Promise.withResolvers<SourceAnswer>();
  test.source.answer = () => answer.promise;
  const running = test.first.request();
  await eventually(() => test.source.requests === 1);
  const waits = { count: 0, onWait: (_count: number) => Promise.resolve() };
  const waiting = new Refresher({
    ...test,
    minIntervalMs: INTERVAL_MS,
    onEnd() {},
    async sleep(ms) {
      test.clock.advance(ms);
      await waits.onWait(++waits.count);
    },
  });
  return { ...test, running, answer, waits, waiting };
}

Deno.test(
  "Refresher.request() waits for the record of the first refresh of all",
  LIMIT,
  async () => {
    await using test = await setUpFirstRefresh();
    const { running, answer, waits, waiting } = test;
    waits.onWait = async (count) => {
      if (count < 3) return;
      answer.resolve(risingAnswer());
      await running;
    };
    const { report, isReplayed } = await waiting.request();
    assertEquals([report, isReplayed, waits.count], [(await running).report, true, 3]);
  },
);

Deno.test(
  "Refresher.request() replays the failure of the first refresh of all",
  LIMIT,
  async () => {
    await using test = await setUpFirstRefresh();
    const { running, answer, waits, waiting } = test;
    waits.onWait = async () => {
      answer.reject(TOO_SLOW);
      await running.catch(() => {});
    };
    await assertRejects(() => waiting.request(), ReplayedError, "too slow");
  },
);

Deno.test(
  "Refresher.request() waits no longer than 2 s for the first refresh of all",
  LIMIT,
  async () => {
    await using test = await setUpFirstRefresh();
    const { running, answer, waits, waiting, clock } = test;
    const start = clock.elapsed();
    await assertRejects(() => waiting.request(), BusyError, "ask again");
    assertEquals([waits.count, clock.elapsed() - start], [20, 2_000]);
    answer.resolve(risingAnswer());
    assertEquals((await running).report.stored, 6);
  },
);

Deno.test("Refresher.request() may refresh at once without an interval", LIMIT, async () => {
  await using test = await setUp(0);
  const { first, second, source } = test;
  await first.request();
  assertEquals((await second.request()).isReplayed, false);
  assertEquals(source.requests, 2);
});

Deno.test("Refresher.request() does not ask the feed without a claim", LIMIT, async () => {
  await using test = await setUp();
  const { first, source, store } = test;
  store.failure = new Error("Connection is closed.");
  await assertRejects(() => first.request(), StoreError);
  assertEquals(source.requests, 0);
});

Deno.test("Refresher.request() reports even if the result cannot be recorded", LIMIT, async () => {
  await using test = await setUp();
  const { first, record, log } = test;
  record.write = () => Promise.reject(new StoreError("full"));
  assertEquals((await first.request()).report.stored, 6);
  assertEquals(log.lines.map(({ message }) => message), [
    "refreshed",
    "the end of a refresh was not recorded",
  ]);
});

Deno.test("Refresher keeps when a failing source last answered", LIMIT, async () => {
  await using test = await setUp(0);
  const { first, source, record, clock } = test;
  await first.request();
  clock.advance(60_000);
  source.answer = () => Promise.reject(TOO_SLOW);
  await assertRejects(() => first.request());
  assertEquals((await record.read())?.sources, [
    { source: "test", last_success: new Date(NOW).toISOString(), failure: "too slow" },
  ]);
});

Deno.test("Refresher.runScheduled() leaves what is no longer due", LIMIT, async () => {
  await using test = await setUp(0);
  const { first, second, source, record } = test;
  const asked: boolean[] = [];
  async function isEmpty() {
    const empty = await record.read() === undefined;
    asked.push(empty);
    return empty;
  }
  const ran = [await first.runScheduled(0, isEmpty), await second.runScheduled(0, isEmpty)];
  assertEquals([ran, asked, source.requests], [[true, false], [true, false], 1]);
  assertEquals((await second.request()).isReplayed, false);
});

Deno.test(
  "Refresher.runScheduled() ends its claim if it cannot tell what is due",
  LIMIT,
  async () => {
    await using test = await setUp(0);
    const { first, second } = test;
    const isDue = () => Promise.reject(new StoreError("away"));
    await assertRejects(() => first.runScheduled(0, isDue), StoreError);
    assertEquals((await second.request()).isReplayed, false);
  },
);

Deno.test("Refresher keeps when a tick last refreshed", LIMIT, async () => {
  await using test = await setUp(0);
  const { first, second, source, record, clock } = test;
  await first.request();
  assertEquals((await record.read())?.ticked_at, undefined);
  clock.advance(60_000);
  await first.runScheduled(0);
  const at = new Date(clock.now()).toISOString();
  clock.advance(60_000);
  source.answer = () => Promise.reject(TOO_SLOW);
  await assertRejects(() => second.request());
  assertEquals((await record.read())?.ticked_at, at);
});

Deno.test("Refresher.runScheduled() counts the time that claiming takes", LIMIT, async () => {
  await using test = await setUp();
  const { clock, pauses, ...parts } = test;
  const slow = {
    take() {
      clock.advance(2_000);
      return Promise.resolve(undefined);
    },
  };
  const refresher = new Refresher({
    ...parts,
    clock,
    claims: slow,
    minIntervalMs: INTERVAL_MS,
    onEnd() {},
    async sleep(ms, signal) {
      await parts.sleep(ms, signal);
      clock.advance(ms);
    },
  });
  assertEquals(await refresher.runScheduled(10_000), false);
  assertEquals(pauses.length, 3);
});

Deno.test("Refresher.runScheduled() tries each source three times", LIMIT, async () => {
  await using test = await setUp();
  const { first, source, pauses } = test;
  source.answer = () => Promise.reject(new FeedError("timeout", "too slow"));
  assertEquals(await first.runScheduled(0), true);
  assertEquals([source.requests, pauses], [3, [1_000, 4_000]]);
});

Deno.test("Refresher.request() does not wait for a scheduled refresh", LIMIT, async () => {
  await using test = await setUp();
  const { first, source, clock } = test;
  await first.request();
  clock.advance(INTERVAL_MS + 1);
  const answer = Promise.withResolvers<SourceAnswer>();
  source.answer = () => answer.promise;
  const scheduled = first.runScheduled(0);
  await eventually(() => source.requests === 2);
  assertEquals((await first.request()).isReplayed, true);
  answer.resolve(risingAnswer());
  assertEquals([await scheduled, source.requests], [true, 2]);
});

Deno.test(
  "Refresher.runScheduled() waits for a refresh, and then does its own",
  LIMIT,
  async () => {
    await using test = await setUp();
    const { first, second, source, pauses } = test;
    await second.request();
    source.answer = () =>
      source.requests < 4
        ? Promise.reject(new FeedError("timeout", "too slow"))
        : Promise.resolve(risingAnswer());
    assertEquals(await first.runScheduled(10_000), true);
    assertEquals([source.requests, pauses.slice(0, 5)], [4, Array(5).fill(1_000)]);
  },
);

Deno.test("Refresher.runScheduled() gives up after the time it may wait", LIMIT, async () => {
  await using test = await setUp(60_000);
  const { first, second, source, pauses } = test;
  await second.request();
  assertEquals(await first.runScheduled(10_000), false);
  assertEquals([source.requests, pauses.length], [1, 10]);
});

Deno.test("Refresher.runScheduled() ends its wait when it is aborted", LIMIT, async () => {
  await using test = await setUp(60_000);
  const { second, ...parts } = test;
  await second.request();
  const aborted = AbortSignal.abort(new Error("stopped"));
  const refresher = new Refresher({
    ...parts,
    loadFeed: parts.loadFeed,
    minIntervalMs: 60_000,
    onEnd() {},
    signal: aborted,
    sleep: (_ms, signal) => Promise.reject(signal.reason),
  });
  await assertRejects(() => refresher.runScheduled(10_000), Error, "stopped");
});
