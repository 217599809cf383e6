import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { StoreError } from "../../src/core/errors.ts";
import { METRICS, type Sample } from "../../src/core/sample.ts";
import { HOUR_MS } from "../../src/core/summary.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { Series } from "../../src/redis/series.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW, pairAt } from "../helpers/samples.ts";

const DAY_MS = 24 * HOUR_MS;

function setUp({ client, prefix }: TestRedis, retentionMs = 30 * DAY_MS) {
  const keys = keysBelow(prefix).series;
  return { keys, series: new Series({ client, keys, retentionMs }) };
}

async function pointsOf(redis: TestRedis, key: string): Promise<[number, number][]> {
  const reply = await redis.client.call("TS.RANGE", key, "-", "+");
  if (!Array.isArray(reply)) throw new TypeError(`TS.RANGE replied ${reply}`);
  return reply.map(([timestamp, value]) => [Number(timestamp), Number(value)]);
}

Deno.test("Series.create() makes each series once, the first value to stay", async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  const commands = noteCommands(redis.client);
  await series.create();
  await series.create();
  const options = `RETENTION ${30 * DAY_MS} DUPLICATE_POLICY FIRST LABELS metric`;
  assertEquals(commands.slice(0, 2), [
    `TS.CREATE ${keys.price} ${options} price`,
    `TS.CREATE ${keys.sentiment} ${options} sentiment`,
  ]);
  assertEquals(await series.newest(), { price: undefined, sentiment: undefined });
});

Deno.test("Series.newest() gives nothing of a series that is not there", async () => {
  await using redis = await startTestRedis();
  assertEquals(await setUp(redis).series.newest(), { price: undefined, sentiment: undefined });
});

Deno.test("Series.add() sends the samples of both series in one TS.MADD", async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  await series.create();
  const commands = noteCommands(redis.client);
  const samples = [...pairAt(NOW, 1.5, -0.5), ...pairAt(NOW + 1, 2.5, 0.25)];
  assertEquals(await series.add(samples), { stored: 4, duplicates: 0, rejected: 0 });
  assertEquals(commands.filter((command) => command.startsWith("TS.MADD")), [
    `TS.MADD ${keys.price} ${NOW} 1.5 ${keys.price} ${NOW + 1} 2.5 ` +
    `${keys.sentiment} ${NOW} -0.5 ${keys.sentiment} ${NOW + 1} 0.25`,
  ]);
  assertEquals(await pointsOf(redis, keys.sentiment), [[NOW, -0.5], [NOW + 1, 0.25]]);
});

Deno.test("Series.add() sends nothing that is there, and keeps the first value", async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  await series.create();
  await series.add(pairAt(NOW, 1));
  const commands = noteCommands(redis.client);
  const result = await series.add([...pairAt(NOW, 2), ...pairAt(NOW, 3)]);
  assertEquals(result, { stored: 0, duplicates: 4, rejected: 0 });
  assertEquals(commands.some((command) => command.startsWith("TS.MADD")), false);
  assertEquals(await pointsOf(redis, keys.price), [[NOW, 1]]);
});

Deno.test("Series.add() keeps the first of a timestamp's values in one answer", async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  await series.create();
  const result = await series.add([...pairAt(NOW, 1), ...pairAt(NOW, 2)]);
  assertEquals(result, { stored: 2, duplicates: 2, rejected: 0 });
  assertEquals(await pointsOf(redis, keys.price), [[NOW, 1]]);
});

Deno.test("Series.add() heals a series that is behind the other", async () => {
  await using redis = await startTestRedis();
  const { series } = setUp(redis);
  await series.create();
  await series.add(pairAt(NOW).slice(0, 1));
  const result = await series.add([...pairAt(NOW), ...pairAt(NOW - 1)]);
  assertEquals(result, { stored: 3, duplicates: 1, rejected: 0 });
});

Deno.test("Series.add() makes a vanished series again and stores its samples", async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  await series.create();
  await redis.client.del(keys.price);
  const commands = noteCommands(redis.client);
  assertEquals(await series.add(pairAt(NOW)), { stored: 2, duplicates: 0, rejected: 0 });
  assertEquals(commands.filter((command) => command.startsWith("TS.MADD")).length, 2);
  assertEquals((await pointsOf(redis, keys.price)).length, 1);
});

Deno.test("Series.add() rejects samples older than the retention", async () => {
  await using redis = await startTestRedis();
  const { series } = setUp(redis, DAY_MS);
  await series.create();
  await series.add(pairAt(NOW));
  const result = await series.add([...pairAt(NOW - DAY_MS - 1), ...pairAt(NOW - 1)]);
  assertEquals(result, { stored: 2, duplicates: 0, rejected: 2 });
});

Deno.test("Series.add() adds nothing where there is nothing to add", async () => {
  await using redis = await startTestRedis();
  const result = await setUp(redis).series.add([]);
  assertEquals(result, { stored: 0, duplicates: 0, rejected: 0 });
});

Deno.test("Series tells of a key that holds another type", async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  await redis.client.set(keys.price, "mine");
  await series.create();
  for (const use of [() => series.newest(), () => series.add(pairAt(NOW))]) {
    await assertRejects(use, StoreError, "another type");
  }
  assertEquals(await redis.client.get(keys.price), "mine");
});

Deno.test("Series.averages() averages whole buckets from the given time on", async () => {
  await using redis = await startTestRedis();
  const { series } = setUp(redis);
  const hour = Date.UTC(2021, 6, 7, 12);
  await series.create();
  const points = [[-1, 7], [0, 33_885.23], [1, 33_890.01], [HOUR_MS, 2.5]] as const;
  await series.add(points.flatMap(([offset, value]) => pairAt(hour + offset, value, -0.5)));
  const { price, sentiment } = await series.averages(hour, HOUR_MS);
  assertEquals(price.map(({ time }) => time), [hour, hour + HOUR_MS]);
  assertAlmostEquals(price[0]?.value ?? 0, 33_887.62, 1e-9 * 33_887.62);
  assertEquals(sentiment.map(({ value }) => value), [-0.5, -0.5]);
});

Deno.test("Series.averages() gives nothing of a series that is not there", async () => {
  await using redis = await startTestRedis();
  assertEquals(await setUp(redis).series.averages(0, HOUR_MS), { price: [], sentiment: [] });
});

const ARBITRARY_FEED = fc.array(
  fc.record({
    metric: fc.constantFrom(...METRICS),
    timestamp: fc.integer({ min: NOW, max: NOW + 12 }),
    value: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 16 },
);

Deno.test("Series.add() leaves any sequence of answers as sending all of each would", async () => {
  await using redis = await startTestRedis();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(ARBITRARY_FEED, { maxLength: 6 }), async (answers) => {
      const own = { ...redis, prefix: `${redis.prefix}:${++run}` };
      await compareWithModel(own, answers);
    }),
    { numRuns: 60 },
  );
});

/** The model keeps the first value ever seen of a timestamp, as `DUPLICATE_POLICY FIRST` does. */
async function compareWithModel(redis: TestRedis, answers: Sample[][]): Promise<void> {
  const { series, keys } = setUp(redis);
  const model = { price: new Map<number, number>(), sentiment: new Map<number, number>() };
  await series.create();
  for (const answer of answers) {
    const before = model.price.size + model.sentiment.size;
    for (const { metric, timestamp, value } of answer) {
      if (!model[metric].has(timestamp)) model[metric].set(timestamp, value);
    }
    const stored = model.price.size + model.sentiment.size - before;
    const expected = { stored, duplicates: answer.length - stored, rejected: 0 };
    assertEquals(await series.add(answer), expected);
  }
  for (const metric of METRICS) {
    const expected = [...model[metric]].sort(([a], [b]) => a - b);
    assertEquals(await pointsOf(redis, keys[metric]), expected);
  }
}
