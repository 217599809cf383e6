import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { StoreError } from "../../src/redis/command.ts";
import { METRICS, type Sample } from "../../src/samples/sample.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { Revision } from "../../src/redis/revision.ts";
import { SeriesWriter } from "../../src/redis/series_writer.ts";
import { FaultyLink } from "../helpers/faulty_link.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
const DAY_MS = 24 * HOUR_MS;
const NOTHING = { stored: 0, duplicates: 0, rejected: 0, expired: 0 };

/** A writer whose revisions start at {@linkcode NOW}. */
async function setUp({ client, prefix }: TestRedis, retentionMs = 30 * DAY_MS) {
  const keys = keysBelow(prefix);
  const revision = new Revision({ client, key: keys.revision, now: () => NOW });
  const series = { client, keys: keys.series, forwardNow: () => NOW };
  const created = { count: 0 };
  async function onCreated() {
    await Promise.resolve();
    created.count++;
  }
  const writer = new SeriesWriter({ ...series, revision, retentionMs, onCreated });
  await writer.create();
  return { writer, keys, revision, created };
}

async function pointsOf({ client }: TestRedis, key: string): Promise<[number, number][]> {
  const reply = await client.call("TS.RANGE", key, "-", "+");
  if (!Array.isArray(reply)) throw new TypeError(`TS.RANGE replied ${reply}`);
  return reply.map(([timestamp, value]) => [Number(timestamp), Number(value)]);
}

/** Prices one second apart. */
function pricesOf(count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => ({
    metric: "price",
    timestamp: NOW + i * 1_000,
    value: 1,
  }));
}

Deno.test("SeriesWriter.create() creates both series and the revision", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { keys } = await setUp(redis);
  for (const key of Object.values(keys.series)) assertEquals(await pointsOf(redis, key), []);
  assertEquals(await redis.client.get(keys.revision), `${NOW}`);
});

Deno.test("SeriesWriter.add() stores and labels in one transaction", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer, keys } = await setUp(redis);
  const { price, sentiment } = keys.series;
  const commands = noteCommands(redis.client);
  const samples = [...pairAt(NOW, 1.5, -0.5), ...pairAt(NOW + 1, 2.5, 0.25)];
  assertEquals(await writer.add(samples), { ...NOTHING, stored: 4, revision: NOW + 1 });
  const triples = `${price} ${NOW} 1.5 ${price} ${NOW + 1} 2.5 ` +
    `${sentiment} ${NOW} -0.5 ${sentiment} ${NOW + 1} 0.25`;
  assertEquals(commands.slice(commands.indexOf("MULTI")), [
    "MULTI",
    `TS.MADD ${triples}`,
    `SET ${keys.revision} ${NOW + 1} NX`,
    `INCR ${keys.revision}`,
    "EXEC",
  ]);
  assertEquals(await pointsOf(redis, sentiment), [[NOW, -0.5], [NOW + 1, 0.25]]);
});

Deno.test("SeriesWriter.add() starts no transaction when nothing is new", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer, keys } = await setUp(redis);
  await writer.add(pairAt(NOW, 1));
  const commands = noteCommands(redis.client);
  const samples = [...pairAt(NOW, 2), ...pairAt(NOW, 3)];
  assertEquals(await writer.add(samples), { ...NOTHING, duplicates: 4 });
  assertEquals(await writer.add([]), NOTHING);
  assertEquals(commands.filter((command) => !/^TS\.(GET|RANGE) /.test(command)), []);
  assertEquals(await pointsOf(redis, keys.series.price), [[NOW, 1]]);
});

Deno.test(
  "SeriesWriter.add() reads what is stored once per run of samples",
  LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { writer, keys } = await setUp(redis);
    const prices = [NOW, NOW + HOUR_MS, NOW + 3 * HOUR_MS, NOW + 4 * HOUR_MS]
      .flatMap((timestamp) => pairAt(timestamp).slice(0, 1));
    await writer.add(prices);
    const commands = noteCommands(redis.client);
    await writer.add(prices);
    const { price } = keys.series;
    assertEquals(commands.filter((command) => command.startsWith("TS.RANGE")), [
      `TS.RANGE ${price} ${NOW} ${NOW + HOUR_MS}`,
      `TS.RANGE ${price} ${NOW + 3 * HOUR_MS} ${NOW + 4 * HOUR_MS}`,
    ]);
  },
);

Deno.test("SeriesWriter.add() reads nothing for samples after the newest", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer } = await setUp(redis);
  await writer.add(pairAt(NOW));
  const commands = noteCommands(redis.client);
  await writer.add(pairAt(NOW + 1));
  assertEquals(commands.filter((command) => command.startsWith("TS.RANGE")), []);
});

Deno.test("SeriesWriter.add() sends at most 10,000 samples per command", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer, keys } = await setUp(redis);
  const commands = noteCommands(redis.client);
  const { stored, revision } = await writer.add(pricesOf(10_001));
  assertEquals([stored, revision], [10_001, NOW + 2]);
  const sizes = commands.filter((command) => command.startsWith("TS.MADD"))
    .map((command) => (command.split(" ").length - 1) / 3);
  assertEquals(sizes, [10_000, 1]);
  assertEquals((await pointsOf(redis, keys.series.price)).length, 10_001);
});

Deno.test("SeriesWriter.add() counts expired samples from the newest", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer, keys } = await setUp(redis, DAY_MS);
  await writer.add(pairAt(NOW));
  const samples = [...pairAt(NOW - DAY_MS - 1), ...pairAt(NOW - DAY_MS)];
  const result = await writer.add(samples);
  assertEquals(result, { ...NOTHING, stored: 2, expired: 2, revision: NOW + 2 });
  // The wall clock plays no part: these samples are years old.
  assertEquals((await pointsOf(redis, keys.series.price)).length, 2);
});

Deno.test("SeriesWriter.add() counts what the store rejects", LIMIT, async () => {
  await using redis = await startTestRedis();
  await (await setUp(redis, HOUR_MS)).writer.add(pairAt(NOW));
  // The series keeps the retention of its creation.
  const { writer } = await setUp(redis, DAY_MS);
  const result = await writer.add([...pairAt(NOW - HOUR_MS - 1), ...pairAt(NOW - 1)]);
  assertEquals(result, { ...NOTHING, stored: 2, rejected: 2, revision: NOW + 2 });
});

Deno.test("SeriesWriter.add() fills a series that is behind the other", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer } = await setUp(redis);
  await writer.add(pairAt(NOW).slice(0, 1));
  const result = await writer.add([...pairAt(NOW), ...pairAt(NOW - 1)]);
  assertEquals(result, { ...NOTHING, stored: 3, duplicates: 1, revision: NOW + 2 });
});

Deno.test(
  "SeriesWriter.add() creates a vanished series, and sends its samples again",
  LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { writer, keys } = await setUp(redis);
    await redis.client.del(keys.series.price);
    const commands = noteCommands(redis.client);
    assertEquals(await writer.add(pairAt(NOW)), { ...NOTHING, stored: 2, revision: NOW + 2 });
    assertEquals(commands.filter((command) => command.startsWith("TS.MADD")), [
      `TS.MADD ${keys.series.price} ${NOW} 34500 ${keys.series.sentiment} ${NOW} 0.2`,
      `TS.MADD ${keys.series.price} ${NOW} 34500`,
    ]);
    assertEquals((await pointsOf(redis, keys.series.price)).length, 1);
  },
);

Deno.test("SeriesWriter.add() explains a key of another type", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer, keys } = await setUp(redis);
  await redis.client.del(keys.series.price);
  await redis.client.set(keys.series.price, "mine");
  await assertRejects(() => writer.add(pairAt(NOW)), StoreError, "another type");
  assertEquals(await redis.client.get(keys.series.price), "mine");
});

Deno.test("SeriesWriter.add() increments once after a lost reply", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { writer, keys } = await setUp(redis);
  const link = new FaultyLink();
  link.attach(redis.client);
  link.loseReplies(/^EXEC/);
  await assertRejects(() => writer.add(pairAt(NOW)), StoreError, "cannot be reached");
  link.heal();
  assertEquals(await redis.client.get(keys.revision), `${NOW + 1}`);
  // All its samples are stored already; the increment lets them be announced.
  assertEquals(await writer.add(pairAt(NOW)), { ...NOTHING, duplicates: 2, revision: NOW + 2 });
  assertEquals(await writer.add(pairAt(NOW)), { ...NOTHING, duplicates: 2 });
});

const ARBITRARY_ANSWER = fc.array(
  fc.record({
    metric: fc.constantFrom(...METRICS),
    timestamp: fc.integer({ min: NOW, max: NOW + 12 }),
    value: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 16 },
);

Deno.test(
  "SeriesWriter.add() stores the same as sending each answer whole",
  LIMIT,
  async () => {
    await using redis = await startTestRedis();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(ARBITRARY_ANSWER, { maxLength: 6 }), async (answers) => {
        const own = { ...redis, prefix: `${redis.prefix}:${++run}` };
        await compareWithModel(own, answers);
      }),
      { numRuns: 60 },
    );
  },
);

/** The model keeps the first value of a timestamp, as `DUPLICATE_POLICY FIRST` does. */
async function compareWithModel(redis: TestRedis, answers: Sample[][]): Promise<void> {
  const { writer, keys } = await setUp(redis);
  const model = { price: new Map<number, number>(), sentiment: new Map<number, number>() };
  let revision = NOW;
  for (const answer of answers) {
    const before = model.price.size + model.sentiment.size;
    for (const { metric, timestamp, value } of answer) {
      if (!model[metric].has(timestamp)) model[metric].set(timestamp, value);
    }
    const stored = model.price.size + model.sentiment.size - before;
    const counts = { ...NOTHING, stored, duplicates: answer.length - stored };
    const expected = stored > 0 ? { ...counts, revision: ++revision } : counts;
    assertEquals(await writer.add(answer), expected);
  }
  for (const metric of METRICS) {
    const expected = [...model[metric]].sort(([a], [b]) => a - b);
    assertEquals(await pointsOf(redis, keys.series[metric]), expected);
  }
}

Deno.test(
  "SeriesWriter.add() counts samples, and keeps a timestamp's first value",
  LIMIT,
  async () => {
    await using store = await createTestStore();
    const { series, writer } = store;
    const first = await writer.add([...pairAt(NOW, 1), ...pairAt(NOW, 2)]);
    const { revision = 0, ...counts } = first;
    assertEquals(counts, { stored: 2, duplicates: 2, rejected: 0, expired: 0 });
    const second = await writer.add([...pairAt(NOW, 3), ...pairAt(NOW + 1, 5)]);
    assertEquals(second, {
      stored: 2,
      duplicates: 2,
      rejected: 0,
      expired: 0,
      revision: revision + 1,
    });
    assertEquals((await series.averages(NOW, 1)).price.map(({ value }) => value), [1, 5]);
  },
);

Deno.test("SeriesWriter.add() has no revision when nothing is new", LIMIT, async () => {
  await using store = await createTestStore();
  const { writer } = store;
  await writer.add(pairAt(NOW));
  const nothing = { stored: 0, rejected: 0, expired: 0 };
  assertEquals(await writer.add(pairAt(NOW)), { ...nothing, duplicates: 2 });
  assertEquals(await writer.add([]), { ...nothing, duplicates: 0 });
});

Deno.test("SeriesWriter.add() leaves out what is older than the retention", LIMIT, async () => {
  await using store = await createTestStore({ retentionMs: DAY_MS });
  const { series, writer } = store;
  // Both the newest stored sample and the newest of the batch count.
  const together = await writer.add([...pairAt(NOW - DAY_MS - 1), ...pairAt(NOW)]);
  assertEquals([together.stored, together.expired], [2, 2]);
  const later = await writer.add([...pairAt(NOW - DAY_MS - 1), ...pairAt(NOW - DAY_MS)]);
  assertEquals([later.stored, later.expired], [2, 2]);
  assertEquals((await series.oldest()).price, NOW - DAY_MS);
});
