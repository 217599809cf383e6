import { assert, assertEquals } from "@std/assert";
import { keysBelow } from "../../src/redis/keys.ts";
import { Revision } from "../../src/redis/revision.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { SummaryCache } from "../../src/summary/cache.ts";
import { summarize, WINDOW_HOURS } from "../../src/summary/summary.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW, RISING_SUMMARY, risingAt } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };

async function setUp({ client, prefix }: TestRedis) {
  const keys = keysBelow(prefix);
  const revision = new Revision({ client, key: keys.revision, now: () => NOW });
  await revision.create();
  return { keys, cache: new SummaryCache(client, keys.cache, revision) };
}

Deno.test("SummaryCache reads by one MGET and writes by a SET for 120 s", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { cache, keys } = await setUp(redis);
  const commands = noteCommands(redis.client);
  await cache.write(risingAt(NOW));
  assertEquals(await cache.read(), { revision: NOW, summary: risingAt(NOW) });
  assertEquals(commands, [
    `SET ${keys.cache} ${JSON.stringify(risingAt(NOW))} EX 120`,
    `MGET ${keys.revision} ${keys.cache}`,
  ]);
  const ttl = await redis.client.ttl(keys.cache);
  assert(ttl > 110 && ttl <= 120, `TTL is ${ttl}`);
});

Deno.test.each([{ difference: 1 }, { difference: -1 }])(
  "SummaryCache.read() does not use a summary whose revision differs by $difference",
  LIMIT,
  async ({ difference }) => {
    await using redis = await startTestRedis();
    const { cache } = await setUp(redis);
    await cache.write(risingAt(NOW + difference));
    assertEquals(await cache.read(), { revision: NOW, summary: undefined });
  },
);

Deno.test("SummaryCache.read() does not use a value above 64 KB", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { cache, keys } = await setUp(redis);
  const text = JSON.stringify(risingAt(NOW));
  await redis.client.set(keys.cache, text.padEnd(65_536));
  assertEquals((await cache.read()).summary, risingAt(NOW));
  await redis.client.set(keys.cache, text.padEnd(65_537));
  assertEquals((await cache.read()).summary, undefined);
});

const TEXT = JSON.stringify(risingAt(NOW));

Deno.test.each([
  { entry: "no JSON", text: "lit" },
  { entry: "no summary", text: "{}" },
  {
    entry: "a summary without hours",
    text: JSON.stringify({ ...risingAt(NOW), hourly_average_of_averages: [] }),
  },
  { entry: "a summary without a revision", text: JSON.stringify(RISING_SUMMARY) },
  { entry: "a price in words", text: TEXT.replace("34498", '"high"') },
  { entry: "a time in words", text: TEXT.replace("2021-07-07T12:30:00.000Z", "noon") },
])("SummaryCache.read() treats $entry as a miss", LIMIT, async ({ text }) => {
  await using redis = await startTestRedis();
  const { cache, keys } = await setUp(redis);
  await redis.client.set(keys.cache, text);
  assertEquals((await cache.read()).summary, undefined);
});

Deno.test("SummaryCache replaces a key of another type", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { cache, keys } = await setUp(redis);
  await redis.client.call("TS.CREATE", keys.cache);
  assertEquals((await cache.read()).summary, undefined);
  await cache.write(risingAt(NOW));
  assertEquals((await cache.read()).summary, risingAt(NOW));
});

Deno.test("SummaryCache reads what was written with the current revision", LIMIT, async () => {
  await using store = await createTestStore();
  const { cache, client, keys } = store;
  const { revision, summary } = await cache.read();
  assertEquals(summary, undefined);
  await cache.write(risingAt(revision));
  assertEquals(await cache.read(), { revision, summary: risingAt(revision) });
  await client.call("INCR", [keys.revision]);
  assertEquals(await cache.read(), { revision: revision + 1, summary: undefined });
});

Deno.test("SummaryCache replaces what is cached", LIMIT, async () => {
  await using store = await createTestStore();
  const { cache } = store;
  const { revision } = await cache.read();
  await cache.write(risingAt(revision));
  await cache.write(risingAt(revision - 1));
  assertEquals((await cache.read()).summary, undefined);
});

Deno.test("SummaryCache keeps a summary of a whole window", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { cache } = await setUp(redis);
  const hours = Array.from(
    { length: WINDOW_HOURS },
    (_, i) => ({ time: NOW - NOW % HOUR_MS + i * HOUR_MS, price: i + 1, sentiment: 0 }),
  );
  const summary = { revision: NOW, ...summarize(hours, NOW) ?? RISING_SUMMARY };
  assertEquals(summary.hourly_average_of_averages.length, WINDOW_HOURS);
  await cache.write(summary);
  assertEquals((await cache.read()).summary, summary);
});
