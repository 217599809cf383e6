import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { StoreError } from "../../src/redis/command.ts";
import type { SourceAnswer } from "../../src/feeds/feed.ts";
import type { Metric, Sample } from "../../src/samples/sample.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { backfill } from "../../src/refresh/backfill.ts";
import { createFakeFeed, createFakeSupply } from "../helpers/fake_feed.ts";
import { MemoryBackfillMarks, MemorySeries } from "../helpers/memory.ts";
import { createRefreshParts } from "../helpers/refresh_parts.ts";
import { pairAt, risingAnswer } from "../helpers/samples.ts";

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
  const marks = new MemoryBackfillMarks();
  const parts = createRefreshParts(feed, { series: new MemorySeries() });
  await parts.series.add(stored);
  const backfilled = { calls: 0 };
  const options = { ...parts, marks, onBackfilled: () => void backfilled.calls++ };
  const { price, sentiment } = supply.fakes;
  return { ...parts, marks, backfilled, price, sentiment, run: () => backfill(options) };
}

async function countHours({ series }: { series: MemorySeries }): Promise<[number, number]> {
  const { price, sentiment } = await series.averages(0, HOUR_MS);
  return [price.length, sentiment.length];
}

Deno.test("backfill() adds only the hours before the oldest sample", LIMIT, async () => {
  const testbed = await setUp();
  await testbed.run();
  assertEquals(await countHours(testbed), [28, 28]);
  const { price } = await testbed.series.averages(NOON, 60_000);
  assertEquals(price.map(({ time }) => time), [NOON + 60_000]);
  assertEquals([...testbed.marks.done], ["price", "sentiment"]);
  assertEquals([testbed.published.length, testbed.backfilled.calls], [1, 1]);
});

Deno.test("backfill() runs once per metric", LIMIT, async () => {
  const testbed = await setUp();
  await testbed.run();
  await testbed.run();
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 1]);
});

Deno.test("backfill() asks a failed source again, and no other", LIMIT, async () => {
  const testbed = await setUp();
  testbed.sentiment.answer = () => Promise.reject(new FeedError("timeout", "too slow"));
  await testbed.run();
  assertEquals([await countHours(testbed), [...testbed.marks.done]], [[28, 1], ["price"]]);
  assertEquals(testbed.log.lines[0]?.message, "a source failed");
  testbed.sentiment.answer = () => hoursOf("sentiment");
  await testbed.run();
  assertEquals([await countHours(testbed), [...testbed.marks.done]], [[28, 28], [
    "price",
    "sentiment",
  ]]);
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 2]);
});

Deno.test("backfill() asks again when the store failed", LIMIT, async () => {
  const testbed = await setUp();
  testbed.writer.add = () => Promise.reject(new StoreError("away"));
  await testbed.run().catch(() => {});
  assertEquals(testbed.marks.done.size, 0);
});

Deno.test("backfill() ends for hours that were stored but not marked", LIMIT, async () => {
  const testbed = await setUp();
  testbed.marks.write = () => Promise.reject(new StoreError("away"));
  await testbed.run().catch(() => {});
  const marks = new MemoryBackfillMarks();
  testbed.marks.write = marks.write.bind(testbed.marks);
  await testbed.run();
  await testbed.run();
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [2, 2]);
});

Deno.test("backfill() asks for nothing before it knows the oldest sample", LIMIT, async () => {
  const testbed = await setUp([]);
  await testbed.run();
  assertEquals([testbed.price.requests, testbed.marks.done.size], [0, 0]);
});

Deno.test("backfill() asks again for a metric whose sources have no hours", LIMIT, async () => {
  const testbed = await setUp();
  testbed.sentiment.answer = () => ({ samples: [], rejected: 0 });
  await testbed.run();
  assertEquals([...testbed.marks.done], ["price"]);
  testbed.price.answer = testbed.sentiment.answer;
  await testbed.run();
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 2]);
});

Deno.test("backfill() marks a metric while the other has no samples", LIMIT, async () => {
  const testbed = await setUp(pairAt(NOON + 90_000).slice(0, 1));
  await testbed.run();
  assertEquals([[...testbed.marks.done], testbed.backfilled.calls], [["price"], 1]);
  assertEquals([testbed.price.requests, testbed.sentiment.requests], [1, 0]);
});

Deno.test("backfill() asks no feed that has no older hours", LIMIT, async () => {
  const parts = createRefreshParts(createFakeFeed({ test: risingAnswer }));
  const marks = new MemoryBackfillMarks();
  marks.failure = new StoreError("must not be read");
  await backfill({ ...parts, marks, onBackfilled() {} });
});
