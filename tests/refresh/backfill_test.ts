import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { StoreError } from "../../src/redis/command.ts";
import type { SourceAnswer } from "../../src/feeds/feed.ts";
import type { Metric, Sample } from "../../src/samples/sample.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { backfill } from "../../src/refresh/backfill.ts";
import { createFakeFeed, createFakeSupply } from "../helpers/fake_feed.ts";
import { createRefreshParts } from "../helpers/refresh_parts.ts";
import { pairAt, risingAnswer } from "../helpers/samples.ts";
import { createTestStore, type TestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 5_000 };
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
    done: async () => [...await marks.read()],
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
