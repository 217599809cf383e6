import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { StoreError } from "../../src/redis/command.ts";
import type { SourceAnswer } from "../../src/feeds/feed.ts";
import type { Metric, Sample } from "../../src/samples/sample.ts";
import { Background } from "../../src/http/background.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { backfill, checkMarks, watchBackfill } from "../../src/refresh/backfill.ts";
import { keepLog } from "../helpers/log.ts";
import { createFakeFeed, createFakeSupply } from "../helpers/fake_feed.ts";
import { createRefreshParts } from "../helpers/refresh_parts.ts";
import { pairAt, risingAnswer } from "../helpers/samples.ts";
import { createTestStore, type TestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
const NOON = Date.UTC(2021, 6, 7, 12);

/** One sample at the start of each of 30 hours; the last three reach into the hours after noon. */
function hoursOf(metric: Metric): SourceAnswer {
  const samples = Array.from({ length: 30 }, (_, i): Sample => {
    const timestamp = NOON + (i - 27) * HOUR_MS;
    return { metric, timestamp, value: metric === "price" ? 34_500 : 0.5 };
  });
  return { samples, rejected: 0 };
}

/** A store with a minute in the hour after noon, and two sources of older hours. */
async function setUp(stored = pairAt(NOON + 90_000)) {
  const supply = createFakeSupply({
    price: () => hoursOf("price"),
    sentiment: () => hoursOf("sentiment"),
  });
  const feed = createFakeFeed({ test: risingAnswer }, supply);
  const store = await createTestStore();
  const { marks } = store;
  const parts = createRefreshParts(feed, store);
  await parts.writer.add(stored);
  const backfilled = { calls: 0 };
  const options = { ...parts, marks, onBackfilled: () => void backfilled.calls++ };
  const { price, sentiment } = supply.fakes;
  return {
    ...parts,
    store,
    marks,
    backfilled,
    price,
    sentiment,
    run: () => backfill(options),
    /** The metrics that are marked. */
    done: async () => Object.keys(await marks.read()),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function countHours(
  { store: { series } }: { store: TestStore },
): Promise<[number, number]> {
  const { price, sentiment } = await series.averages(0, HOUR_MS);
  return [price.length, sentiment.length];
}

Deno.test("backfill() adds only the hours before the oldest sample", LIMIT, async () => {
  await using testbed = await setUp();
  await testbed.run();
  assertEquals(await countHours(testbed), [28, 28]);
  const { price } = await testbed.store.series.averages(NOON, 60_000);
  assertEquals(price.map(({ time }) => time), [NOON + 60_000]);
  assertEquals(await testbed.done(), ["price", "sentiment"]);
  assertEquals([testbed.published.length, testbed.backfilled.calls], [1, 1]);
});

Deno.test("backfill() runs once per metric", LIMIT, async () => {
  await using testbed = await setUp();
  await testbed.run();
  await testbed.run();
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 1]);
});

Deno.test("backfill() asks a failed source again, and no other", LIMIT, async () => {
  await using testbed = await setUp();
  testbed.sentiment.answer = () => Promise.reject(new FeedError("timeout", "too slow"));
  await testbed.run();
  assertEquals([await countHours(testbed), await testbed.done()], [[28, 1], ["price"]]);
  assertEquals(testbed.log.lines[0]?.message, "a source failed");
  testbed.sentiment.answer = () => hoursOf("sentiment");
  await testbed.run();
  assertEquals([await countHours(testbed), await testbed.done()], [[28, 28], [
    "price",
    "sentiment",
  ]]);
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 2]);
});

Deno.test("backfill() asks again when the store failed", LIMIT, async () => {
  await using testbed = await setUp();
  testbed.writer.add = () => Promise.reject(new StoreError("away"));
  await testbed.run().catch(() => {});
  assertEquals(await testbed.done(), []);
});

Deno.test("backfill() ends for hours that were stored but not marked", LIMIT, async () => {
  await using testbed = await setUp();
  const { write } = testbed.marks;
  testbed.marks.write = () => Promise.reject(new StoreError("away"));
  await testbed.run().catch(() => {});
  testbed.marks.write = write;
  await testbed.run();
  await testbed.run();
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [2, 2]);
});

Deno.test("backfill() asks for nothing before it knows the oldest sample", LIMIT, async () => {
  await using testbed = await setUp([]);
  await testbed.run();
  assertEquals([testbed.price.requests, await testbed.done()], [0, []]);
});

Deno.test("backfill() asks again for a metric whose sources have no hours", LIMIT, async () => {
  await using testbed = await setUp();
  testbed.sentiment.answer = () => ({ samples: [], rejected: 0 });
  await testbed.run();
  assertEquals(await testbed.done(), ["price"]);
  testbed.price.answer = testbed.sentiment.answer;
  await testbed.run();
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 2]);
});

Deno.test("backfill() marks a metric while the other has no samples", LIMIT, async () => {
  await using testbed = await setUp(pairAt(NOON + 90_000).slice(0, 1));
  await testbed.run();
  assertEquals([await testbed.done(), testbed.backfilled.calls], [["price"], 1]);
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 0]);
});

Deno.test("backfill() asks no feed that has no older hours", LIMIT, async () => {
  await using store = await createTestStore();
  const parts = createRefreshParts(createFakeFeed({ test: risingAnswer }), store);
  const { length } = store.commands;
  await backfill({ ...parts, marks: store.marks, onBackfilled() {} });
  assertEquals(store.commands.length, length);
});

Deno.test("backfill() marks the oldest hour that the sources have", LIMIT, async () => {
  await using testbed = await setUp();
  await testbed.run();
  const oldest = new Date(NOON - 27 * HOUR_MS).toISOString();
  assertEquals(await testbed.marks.read(), { price: oldest, sentiment: oldest });
});

Deno.test(
  "a series that was lost alone is filled again, and the other left alone",
  LIMIT,
  async () => {
    await using testbed = await setUp();
    const { store, writer, price, sentiment } = testbed;
    await testbed.run();
    await store.client.call("DEL", [store.keys.series.price]);
    // The next refresh creates the series again.
    await writer.add(pairAt(NOON + 150_000));
    await testbed.run();
    assertEquals(await countHours(testbed), [28, 28]);
    assertEquals([price.requests, sentiment.requests], [2, 2]);
  },
);

Deno.test.each([
  { loaded: "2021-07-07T06:00:00.000Z", oldestHours: 7, kept: true },
  { loaded: "2021-07-07T06:00:00.000Z", oldestHours: 7.001, kept: false },
  // The retention of eight hours has removed what was loaded.
  { loaded: "2021-06-01T00:00:00.000Z", oldestHours: 5, kept: true },
  { loaded: "2021-06-01T00:00:00.000Z", oldestHours: 5.001, kept: false },
  { loaded: "2021-06-01T00:00:00.000Z", oldestHours: undefined, kept: false },
])("checkMarks() compares the mark of $loaded with $oldestHours", LIMIT, async (row) => {
  await using store = await createTestStore();
  const { marks, writer, series } = store;
  const midnight = NOON - 12 * HOUR_MS;
  if (row.oldestHours !== undefined) {
    const times = [midnight + row.oldestHours * HOUR_MS, midnight + 12 * HOUR_MS];
    await writer.add(times.flatMap((time) => pairAt(Math.ceil(time))));
  }
  await marks.write({ price: row.loaded });
  await checkMarks({ marks, reader: series, retentionMs: 8 * HOUR_MS });
  assertEquals(await marks.read(), row.kept ? { price: row.loaded } : {});
});

Deno.test(
  "watchBackfill() calls when another instance has loaded hours, again too",
  LIMIT,
  async () => {
    await using store = await createTestStore();
    const { marks } = store;
    const background = new Background(keepLog());
    let calls = 0;
    const look = watchBackfill({ marks, background, onBackfilled: () => void calls++ });
    async function lookAfter(write: () => Promise<void>): Promise<number> {
      await write();
      look();
      await background.drain();
      return calls;
    }
    const price = "2021-06-07T12:00:00.000Z";
    assertEquals(await lookAfter(() => Promise.resolve()), 0);
    assertEquals(await lookAfter(() => marks.write({ price })), 1);
    assertEquals(await lookAfter(() => Promise.resolve()), 1);
    assertEquals(await lookAfter(() => marks.write({ price, sentiment: price })), 2);
    assertEquals(await lookAfter(() => marks.write({ price: "2021-07-07T12:00:00.000Z" })), 3);
  },
);
