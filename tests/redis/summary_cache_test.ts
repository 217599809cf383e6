import { assert, assertEquals } from "@std/assert";
import { RedisSummaryCache } from "../../src/redis/summary_cache.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { RISING_SUMMARY } from "../helpers/samples.ts";

function setUp({ client, prefix }: TestRedis) {
  const key = `${prefix}:cache`;
  return { key, cache: new RedisSummaryCache(client, key) };
}

Deno.test("RedisSummaryCache.read() gives what was written, for 120 s", async () => {
  await using redis = await startTestRedis();
  const { cache, key } = setUp(redis);
  assertEquals(await cache.read(), undefined);
  await cache.write(RISING_SUMMARY);
  assertEquals(await cache.read(), RISING_SUMMARY);
  const ttl = await redis.client.ttl(key);
  assert(ttl > 110 && ttl <= 120, `TTL is ${ttl}`);
});

Deno.test("RedisSummaryCache.fill() never replaces what is cached", async () => {
  await using redis = await startTestRedis();
  const { cache, key } = setUp(redis);
  const commands = noteCommands(redis.client);
  const older = { ...RISING_SUMMARY, as_of: "2021-07-07T00:00:00.000Z" };
  await cache.fill(RISING_SUMMARY);
  await cache.fill(older);
  assertEquals(await cache.read(), RISING_SUMMARY);
  assertEquals(commands[0], `SET ${key} ${JSON.stringify(RISING_SUMMARY)} EX 120 NX`);
});

Deno.test.each([
  { entry: "no JSON", text: "lit" },
  { entry: "no summary", text: "{}" },
  {
    entry: "a summary without hours",
    text: JSON.stringify({ ...RISING_SUMMARY, hourly_average_of_averages: [] }),
  },
  { entry: "a price in words", text: JSON.stringify(RISING_SUMMARY).replace("34498", '"high"') },
])("RedisSummaryCache.read() takes $entry as nothing", async ({ text }) => {
  await using redis = await startTestRedis();
  const { cache, key } = setUp(redis);
  await redis.client.set(key, text);
  assertEquals(await cache.read(), undefined);
});

Deno.test("RedisSummaryCache replaces a key of another type", async () => {
  await using redis = await startTestRedis();
  const { cache, key } = setUp(redis);
  await redis.client.call("TS.CREATE", key);
  assertEquals(await cache.read(), undefined);
  await cache.write(RISING_SUMMARY);
  assertEquals(await cache.read(), RISING_SUMMARY);
});
