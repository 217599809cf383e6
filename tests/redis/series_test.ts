import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { HOUR_MS } from "../../src/core/summary.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { Series } from "../../src/redis/series.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW } from "../helpers/samples.ts";

const LIMIT = { timeout: 10_000 };

function setUp({ client, prefix }: TestRedis) {
  const keys = keysBelow(prefix).series;
  return { keys, series: new Series({ client, keys }) };
}

Deno.test("Series.create() creates a series once, which keeps first values", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  const commands = noteCommands(redis.client);
  await series.create("price", HOUR_MS);
  await series.create("price", 2 * HOUR_MS);
  const options = `RETENTION ${HOUR_MS} DUPLICATE_POLICY FIRST LABELS metric price`;
  assertEquals(commands[0], `TS.CREATE ${keys.price} ${options}`);
});

Deno.test("Series reads averages by TS.RANGE, one command per metric", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  const commands = noteCommands(redis.client);
  await series.averages(NOW, HOUR_MS);
  assertEquals(commands, [
    `TS.RANGE ${keys.price} ${NOW} + AGGREGATION avg ${HOUR_MS}`,
    `TS.RANGE ${keys.sentiment} ${NOW} + AGGREGATION avg ${HOUR_MS}`,
  ]);
});

Deno.test("Series.oldest() reads one sample per metric", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  const commands = noteCommands(redis.client);
  await series.oldest();
  assertEquals(commands[0], `TS.RANGE ${keys.price} - + COUNT 1`);
});

Deno.test("Series explains a key of another type", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  await redis.client.set(keys.price, "mine");
  await series.create("price", HOUR_MS);
  const reads = [() => series.newest(), () => series.oldest(), () => series.averages(0, HOUR_MS)];
  for (const read of reads) await assertRejects(read, StoreError, "another type");
  assertEquals(await redis.client.get(keys.price), "mine");
});
