import { assertEquals, assertRejects } from "@std/assert";
import { NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import { Background } from "../../src/http/background.ts";
import { loadSummary } from "../../src/summary/load.ts";
import { keepLog } from "../helpers/log.ts";
import {
  FIRST_REVISION,
  MemoryRefreshRecord,
  MemorySeries,
  MemorySummaryCache,
} from "../helpers/memory.ts";
import { NOW, pairAt, risingAnswer, risingAt } from "../helpers/samples.ts";

const LIMIT = { timeout: 5_000 };
const RISING = risingAt(FIRST_REVISION);

async function setUp(samples = risingAnswer().samples) {
  const series = new MemorySeries();
  await series.add(samples);
  const layers: string[] = [];
  return {
    series,
    cache: new MemorySummaryCache(),
    record: new MemoryRefreshRecord(),
    background: new Background(keepLog()),
    forwardNow: () => NOW,
    onRead: (layer: string) => layers.push(layer),
    layers,
  };
}

Deno.test(
  "loadSummary() computes what is not cached, and caches it afterwards",
  LIMIT,
  async () => {
    const parts = await setUp();
    assertEquals(await loadSummary(parts), RISING);
    await parts.background.drain();
    assertEquals(parts.cache.summary, RISING);
    assertEquals(await loadSummary(parts), RISING);
    assertEquals(parts.series.reads, 1);
    assertEquals(parts.layers, ["series", "cache"]);
  },
);

Deno.test("loadSummary() labels the series with the revision before them", LIMIT, async () => {
  const parts = await setUp();
  const newest = parts.series.newest.bind(parts.series);
  parts.series.newest = () => {
    parts.cache.revision++;
    return newest();
  };
  assertEquals((await loadSummary(parts)).revision, FIRST_REVISION);
});

Deno.test("loadSummary() does not use a cached summary of another revision", LIMIT, async () => {
  const parts = await setUp();
  parts.cache.summary = { ...RISING, revision: FIRST_REVISION - 1, as_of: "2021-01-01T00:00:00Z" };
  assertEquals(await loadSummary(parts), RISING);
  await parts.background.drain();
  assertEquals(parts.cache.summary, RISING);
});

Deno.test(
  "loadSummary() replaces a cached summary whose as_of is over 5 minutes ahead",
  LIMIT,
  async () => {
    const parts = await setUp();
    const ahead = (ms: number) => ({ ...RISING, as_of: new Date(NOW + ms).toISOString() });
    parts.cache.summary = ahead(5 * 60_000);
    assertEquals(await loadSummary(parts), ahead(5 * 60_000));
    parts.cache.summary = ahead(5 * 60_000 + 1);
    assertEquals(await loadSummary(parts), RISING);
    await parts.background.drain();
    assertEquals(parts.cache.summary, RISING);
    assertEquals(parts.layers, ["cache", "series"]);
  },
);

Deno.test("loadSummary() answers even if the cache cannot be written", LIMIT, async () => {
  const parts = await setUp();
  parts.cache.write = () => Promise.reject(new StoreError("full"));
  assertEquals(await loadSummary(parts), RISING);
  await parts.background.drain();
});

Deno.test("loadSummary() fails when the store does", LIMIT, async () => {
  const parts = await setUp();
  parts.cache.failure = new StoreError("away");
  await assertRejects(() => loadSummary(parts), StoreError, "away");
});

Deno.test("loadSummary() does not wait for ever", LIMIT, async () => {
  const parts = await setUp();
  parts.cache.read = () => new Promise(() => {});
  await assertRejects(() => loadSummary({ ...parts, deadlineMs: 10 }), StoreError, "too long");
});

Deno.test("loadSummary() says which metric is missing and which source failed", LIMIT, async () => {
  const parts = await setUp(pairAt(1).slice(0, 1));
  parts.record.last = {
    result: { failure: { fault: "timeout", message: "too slow" } },
    sources: [
      { source: "a", last_success: null, failure: "a did not answer in 5 s" },
      { source: "b", last_success: null },
    ],
  };
  const error = await assertRejects(() => loadSummary(parts), NoDataError);
  assertEquals(error.message, "There are no samples of sentiment yet; a did not answer in 5 s");
});

Deno.test("loadSummary() names no source when none failed", LIMIT, async () => {
  const parts = await setUp([]);
  const error = await assertRejects(() => loadSummary(parts), NoDataError);
  assertEquals(error.message, "There are no samples of price and sentiment yet");
});
