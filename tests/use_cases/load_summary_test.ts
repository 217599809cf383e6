import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { Background } from "../../src/use_cases/background.ts";
import { getSummary } from "../../src/use_cases/get_summary.ts";
import { keepLog } from "../helpers/log.ts";
import { MemorySeries, MemorySummaryCache } from "../helpers/memory.ts";
import { RISING_SUMMARY, risingAnswer } from "../helpers/samples.ts";

async function setUp() {
  const series = new MemorySeries();
  await series.add(risingAnswer().samples);
  const layers: string[] = [];
  return {
    series,
    cache: new MemorySummaryCache(),
    background: new Background(keepLog()),
    onRead: (layer: string) => layers.push(layer),
    layers,
  };
}

Deno.test("getSummary() computes what is not cached, and caches it behind the answer", async () => {
  const parts = await setUp();
  assertEquals(await getSummary(parts), RISING_SUMMARY);
  await parts.background.drain();
  assertEquals(parts.cache.summary, RISING_SUMMARY);
  assertEquals(await getSummary(parts), RISING_SUMMARY);
  assertEquals(parts.series.reads, 1);
  assertEquals(parts.layers, ["series", "cache"]);
});

Deno.test("getSummary() answers though the cache can't be written", async () => {
  const parts = await setUp();
  parts.cache.fill = () => Promise.reject(new StoreError("full"));
  assertEquals(await getSummary(parts), RISING_SUMMARY);
  await parts.background.drain();
});

Deno.test("getSummary() fails when the store does", async () => {
  const parts = await setUp();
  parts.cache.failure = new StoreError("away");
  await assertRejects(() => getSummary(parts), StoreError, "away");
});

Deno.test("getSummary() does not wait for ever", async () => {
  const parts = await setUp();
  parts.cache.read = () => new Promise(() => {});
  await assertRejects(() => getSummary({ ...parts, deadlineMs: 10 }), StoreError, "too long");
});
