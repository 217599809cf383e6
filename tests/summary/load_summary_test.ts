import { assertEquals, assertRejects } from "@std/assert";
import { loadSummary, NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import { Background } from "../../src/http/background.ts";
import { keepLog } from "../helpers/log.ts";
import { createTestStore } from "../helpers/store.ts";
import { NOW, pairAt, risingAnswer, risingAt } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };

/** A store with samples, and what loading needs beside it. */
async function setUp(samples = risingAnswer().samples) {
  const store = await createTestStore();
  await store.writer.add(samples);
  const { revision } = await store.cache.read();
  const layers: string[] = [];
  return {
    ...store,
    store,
    readFailures: (): Promise<string[]> => Promise.resolve([]),
    background: new Background(keepLog()),
    forwardNow: () => NOW,
    onRead: (layer: string) => layers.push(layer),
    layers,
    rising: risingAt(revision),
    countReads: () => store.commands.filter((command) => command.startsWith("TS.RANGE")).length,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
    },
  };
}

Deno.test(
  "loadSummary() computes what is not cached, and caches it afterwards",
  LIMIT,
  async () => {
    await using parts = await setUp();
    assertEquals(await loadSummary(parts), parts.rising);
    await parts.background.drain();
    assertEquals((await parts.cache.read()).summary, parts.rising);
    const reads = parts.countReads();
    assertEquals(await loadSummary(parts), parts.rising);
    assertEquals(parts.countReads(), reads);
    assertEquals(parts.layers, ["series", "cache"]);
  },
);

Deno.test("loadSummary() labels the series with the revision before them", LIMIT, async () => {
  await using parts = await setUp();
  const { client, keys, rising } = parts;
  const series = {
    async newest() {
      await client.call("INCR", [keys.revision]);
      return await parts.series.newest();
    },
    averages: parts.series.averages.bind(parts.series),
  };
  assertEquals((await loadSummary({ ...parts, series })).revision, rising.revision);
});

Deno.test("loadSummary() does not use a cached summary of another revision", LIMIT, async () => {
  await using parts = await setUp();
  const { cache, rising, background } = parts;
  await cache.write({ ...rising, revision: rising.revision - 1, as_of: "2021-01-01T00:00:00Z" });
  assertEquals(await loadSummary(parts), rising);
  await background.drain();
  assertEquals((await cache.read()).summary, rising);
});

Deno.test(
  "loadSummary() replaces a cached summary whose as_of is over 5 minutes ahead",
  LIMIT,
  async () => {
    await using parts = await setUp();
    const { cache, rising } = parts;
    const ahead = (ms: number) => ({ ...rising, as_of: new Date(NOW + ms).toISOString() });
    await cache.write(ahead(5 * 60_000));
    assertEquals(await loadSummary(parts), ahead(5 * 60_000));
    await cache.write(ahead(5 * 60_000 + 1));
    assertEquals(await loadSummary(parts), rising);
    await parts.background.drain();
    assertEquals((await cache.read()).summary, rising);
    assertEquals(parts.layers, ["cache", "series"]);
  },
);

Deno.test("loadSummary() answers even if the cache cannot be written", LIMIT, async () => {
  await using parts = await setUp();
  const cache = {
    read: () => parts.cache.read(),
    write: () => Promise.reject(new StoreError("full")),
  };
  assertEquals(await loadSummary({ ...parts, cache }), parts.rising);
  await parts.background.drain();
});

Deno.test("loadSummary() fails when the store does", LIMIT, async () => {
  await using parts = await setUp();
  parts.store.failure = new StoreError("away");
  await assertRejects(() => loadSummary(parts), StoreError, "cannot be reached");
});

Deno.test("loadSummary() does not wait for ever", LIMIT, async () => {
  await using parts = await setUp();
  const cache = {
    read: () => new Promise<never>(() => {}),
    write: () => Promise.resolve(),
  };
  await assertRejects(
    () => loadSummary({ ...parts, cache, deadlineMs: 10 }),
    StoreError,
    "too long",
  );
});

Deno.test("loadSummary() says which metric is missing and which source failed", LIMIT, async () => {
  await using parts = await setUp(pairAt(NOW).slice(0, 1));
  const readFailures = () => Promise.resolve(["a did not answer in 5 s"]);
  const error = await assertRejects(
    () => loadSummary({ ...parts, readFailures }),
    NoDataError,
  );
  assertEquals(error.message, "There are no samples of sentiment yet; a did not answer in 5 s");
});

Deno.test("loadSummary() names no source when none failed", LIMIT, async () => {
  await using parts = await setUp([]);
  const error = await assertRejects(() => loadSummary(parts), NoDataError);
  assertEquals(error.message, "There are no samples of price and sentiment yet");
});
