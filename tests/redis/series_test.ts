import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { Series } from "../../src/redis/series.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };

function setUp({ client, prefix }: TestRedis) {
  const keys = keysBelow(prefix).series;
  return { keys, series: new Series({ client, keys, forwardNow: () => NOW }) };
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
    `TS.RANGE ${keys.price} ${NOW} + COUNT 5000 AGGREGATION avg ${HOUR_MS}`,
    `TS.RANGE ${keys.sentiment} ${NOW} + COUNT 5000 AGGREGATION avg ${HOUR_MS}`,
  ]);
});

Deno.test("Series.oldest() reads one sample per metric", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { series, keys } = setUp(redis);
  const commands = noteCommands(redis.client);
  await series.oldest();
  assertEquals(commands[0], `TS.RANGE ${keys.price} - + COUNT 1`);
});

/** Series whose commands get the replies of `answer`; commands are kept. */
function answerWith(answer: (command: string) => unknown) {
  const commands: string[] = [];
  const client = {
    call(name: string, args: (string | number)[]) {
      const command = [name, ...args].join(" ");
      commands.push(command);
      return Promise.resolve(answer(command));
    },
    multi() {
      throw new Error("must not be used");
    },
  };
  const keys = { price: "p", sentiment: "s" };
  return { commands, series: new Series({ client, keys, forwardNow: () => NOW }) };
}

Deno.test("Series.averages() reads long spans in pieces", LIMIT, async () => {
  const first = Array.from({ length: 5_000 }, (_, i) => [i * HOUR_MS, "1"]);
  const { series, commands } = answerWith((command) => {
    if (command.startsWith("TS.RANGE s")) return [];
    return command.startsWith("TS.RANGE p 0 ") ? first : [[6_000 * HOUR_MS, "2"]];
  });
  const { price, sentiment } = await series.averages(0, HOUR_MS);
  assertEquals([price.length, sentiment.length], [5_001, 0]);
  assertEquals(price.at(-1), { time: 6_000 * HOUR_MS, value: 2 });
  assertEquals(commands, [
    `TS.RANGE p 0 + COUNT 5000 AGGREGATION avg ${HOUR_MS}`,
    `TS.RANGE s 0 + COUNT 5000 AGGREGATION avg ${HOUR_MS}`,
    `TS.RANGE p ${5_000 * HOUR_MS} + COUNT 5000 AGGREGATION avg ${HOUR_MS}`,
  ]);
});

const NO_NUMBERS: unknown[] = ["NaN", "nan", "-nan", "inf", "-Infinity", NaN];

Deno.test.each(NO_NUMBERS.map((value) => ({ value })))(
  "Series.averages() leaves $value out, and counts it",
  LIMIT,
  async ({ value }) => {
    const { series } = answerWith(() => [[1, "1E2"], [2, value], [3, 5]]);
    const points = [{ time: 1, value: 100 }, { time: 3, value: 5 }];
    assertEquals(await series.averages(0, 1), { price: points, sentiment: points });
    assertEquals(series.leftOut, { price: 1, sentiment: 1 });
  },
);

Deno.test.each([{ value: "1e" }, { value: "nano" }, { value: "" }, { value: null }])(
  "Series.averages() refuses $value",
  LIMIT,
  async ({ value }) => {
    const { series } = answerWith(() => [[1, value]]);
    await assertRejects(() => series.averages(0, 1), StoreError, "unreadable reply to TS.RANGE");
  },
);

Deno.test("Series.newest() looks for the newest number before a NaN", LIMIT, async () => {
  const from = (hours: number) => NOW - hours * HOUR_MS;
  const { series, commands } = answerWith((command) => {
    if (command === "TS.GET s") return [];
    if (command === "TS.GET p") return [NOW, "NaN"];
    return command.includes(String(from(8))) ? [[from(5), "1"], [from(2), "NaN"]] : [[NOW, "NaN"]];
  });
  assertEquals(await series.newest(), { price: from(5), sentiment: undefined });
  assertEquals(commands.slice(2), [
    `TS.RANGE p ${from(1)} ${NOW}`,
    `TS.RANGE p ${from(8)} ${NOW}`,
  ]);
});

Deno.test("Series.newest() finds nothing in a series of nothing but NaN", LIMIT, async () => {
  const { series } = answerWith((command) =>
    command.startsWith("TS.GET") ? [NOW, "NaN"] : [[NOW, "NaN"]]
  );
  assertEquals(await series.newest(), { price: undefined, sentiment: undefined });
});

const DAY_MS = 24 * HOUR_MS;

Deno.test.each([
  { timestamp: NOW + DAY_MS + 1, command: `TS.DEL p ${NOW + DAY_MS + 1} ${NOW + DAY_MS + 1}` },
  { timestamp: 8.7e15, command: "TS.DEL p 8700000000000000 8700000000000000" },
  { timestamp: 2 ** 63, command: "TS.DEL p 9007199254740991 9223372036854775807" },
])("Series.newest() names the sample at $timestamp", LIMIT, async ({ timestamp, command }) => {
  const { series } = answerWith((command) => command === "TS.GET p" ? [timestamp, "1"] : []);
  const { message } = await assertRejects(() => series.newest(), StoreError);
  assertEquals(
    message,
    `p has a sample at ${timestamp}, more than a day ahead of the clock, ` +
      `which hides the others in Redis: delete it with ${command}`,
  );
});

Deno.test("Series.newest() believes a sample up to a day ahead", LIMIT, async () => {
  const { series } = answerWith(() => [NOW + DAY_MS, "1"]);
  assertEquals(await series.newest(), { price: NOW + DAY_MS, sentiment: NOW + DAY_MS });
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

Deno.test("Series has nothing before the first sample", LIMIT, async () => {
  await using store = await createTestStore();
  const { series, writer } = store;
  const none = { price: undefined, sentiment: undefined };
  assertEquals([await series.newest(), await series.oldest()], [none, none]);
  await writer.create();
  assertEquals([await series.newest(), await series.oldest()], [none, none]);
  assertEquals(await series.averages(0, HOUR_MS), { price: [], sentiment: [] });
});

Deno.test("Series.newest() and oldest() know the newest and the oldest sample", LIMIT, async () => {
  await using store = await createTestStore();
  const { series, writer } = store;
  await writer.add([...pairAt(NOW), ...pairAt(NOW - 1), ...pairAt(NOW + 1).slice(0, 1)]);
  assertEquals(await series.newest(), { price: NOW + 1, sentiment: NOW });
  assertEquals(await series.oldest(), { price: NOW - 1, sentiment: NOW - 1 });
});

Deno.test("Series.samples() reads the samples between two times", LIMIT, async () => {
  await using store = await createTestStore();
  const { series, writer } = store;
  assertEquals(await series.samples("price", 0, NOW), []);
  await writer.add([-2, -1, 0, 1].flatMap((offset) => pairAt(NOW + offset, 100 + offset)));
  assertEquals(await series.samples("price", NOW - 1, NOW), [
    { metric: "price", timestamp: NOW - 1, value: 99 },
    { metric: "price", timestamp: NOW, value: 100 },
  ]);
});

Deno.test("Series.averages() averages buckets from a time on", LIMIT, async () => {
  await using store = await createTestStore();
  const { series, writer } = store;
  const hour = Date.UTC(2021, 6, 7, 12);
  const points = [[-1, 7], [0, 2], [1, 4], [HOUR_MS, 2.5]] as const;
  await writer.add(points.flatMap(([offset, price]) => pairAt(hour + offset, price, 0.5)));
  assertEquals(await series.averages(hour, HOUR_MS), {
    price: [{ time: hour, value: 3 }, { time: hour + HOUR_MS, value: 2.5 }],
    sentiment: [{ time: hour, value: 0.5 }, { time: hour + HOUR_MS, value: 0.5 }],
  });
});
