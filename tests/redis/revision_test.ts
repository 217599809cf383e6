import { assertEquals, assertRejects } from "@std/assert";
import { sendTransaction, StoreError } from "../../src/redis/command.ts";
import { Revision } from "../../src/redis/revision.ts";
import { FaultyLink } from "../helpers/faulty_link.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };

/** A revision whose wall clock the test sets. */
function setUp({ client, prefix }: TestRedis) {
  const key = `${prefix}:revision`;
  const time = { now: NOW };
  const revision = new Revision({ client, key, now: () => time.now });
  return { key, time, revision, stored: () => client.get(key) };
}

/** Increments as a write does; then the reply is on its way for as long as `arrive` takes. */
async function increment(
  { client }: TestRedis,
  revision: Revision,
  arrive = () => Promise.resolve(),
): Promise<number> {
  const labelled = await revision.run(async () => {
    const replies = await sendTransaction(client, revision.increment);
    await arrive();
    return replies;
  });
  return labelled.revision;
}

Deno.test(
  "Revision.create() starts at the Unix time in ms, and keeps what is there",
  LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { revision, time, stored } = setUp(redis);
    assertEquals(await revision.create(), NOW);
    time.now += 60_000;
    assertEquals([await revision.create(), await stored()], [NOW, `${NOW}`]);
  },
);

Deno.test("Revision grows by one at each increment", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { revision, stored } = setUp(redis);
  await revision.create();
  assertEquals(await increment(redis, revision), NOW + 1);
  assertEquals(await increment(redis, revision), NOW + 2);
  assertEquals(await stored(), `${NOW + 2}`);
});

Deno.test("Revision.parse() reads a stored value", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { revision, stored } = setUp(redis);
  assertEquals(await revision.parse(`${NOW}`), NOW);
  assertEquals(await stored(), null);
});

Deno.test("Revision.parse() creates a missing key", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { revision, stored } = setUp(redis);
  assertEquals([await revision.parse(null), await stored()], [NOW, `${NOW}`]);
});

Deno.test(
  "Revision.parse() of a missing key accepts one that was created meanwhile",
  LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { revision, key } = setUp(redis);
    await redis.client.set(key, `${NOW - 5}`);
    assertEquals(await revision.parse(null), NOW - 5);
  },
);

Deno.test.each(
  [
    { value: "text", set: ["SET", "lit"] },
    { value: "a negative number", set: ["SET", "-1"] },
    { value: "a fraction", set: ["SET", "1.5"] },
    { value: "too long a number", set: ["SET", "1234567890123456"] },
    { value: "another type", set: ["TS.CREATE"] },
  ] as const,
)("Revision replaces $value by the Unix time in ms", LIMIT, async ({ set }) => {
  await using redis = await startTestRedis();
  const { revision, key, stored } = setUp(redis);
  const [name, ...args] = set;
  await redis.client.call(name, [key, ...args]);
  const [value = null] = await redis.client.mget(key);
  assertEquals([await revision.parse(value), await stored()], [NOW, `${NOW}`]);
});

Deno.test.each([{ value: "text", name: "SET" }, { value: "another type", name: "TS.CREATE" }])(
  "Revision.run() replaces $value by the Unix time in ms",
  LIMIT,
  async ({ name }) => {
    await using redis = await startTestRedis();
    const { revision, key, stored } = setUp(redis);
    await redis.client.call(name, name === "SET" ? [key, "lit"] : [key]);
    assertEquals([await increment(redis, revision), await stored()], [NOW, `${NOW}`]);
  },
);

Deno.test("Revision replaces a number that grew too long", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { revision, key, stored } = setUp(redis);
  await redis.client.set(key, "999999999999999");
  await revision.parse("999999999999999");
  assertEquals([await increment(redis, revision), await stored()], [NOW, `${NOW}`]);
  await redis.client.set(key, "999999999999999");
  assertEquals([await increment(redis, revision), await stored()], [NOW + 1, `${NOW + 1}`]);
});

Deno.test("Revision creates a vanished key in the transaction of an increment", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { revision, key, time, stored } = setUp(redis);
  await revision.create();
  await increment(redis, revision);
  await redis.client.del(key);
  time.now += 60_000;
  const commands = noteCommands(redis.client);
  assertEquals(await increment(redis, revision), NOW + 60_001);
  assertEquals([commands.length, await stored()], [4, `${NOW + 60_001}`]);
});

Deno.test(
  "Revision restarts above all earlier values when the store went back",
  LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { revision, key, time, stored } = setUp(redis);
    await revision.create();
    await increment(redis, revision);
    await redis.client.set(key, `${NOW - 1_000}`);
    time.now += 60_000;
    assertEquals([await increment(redis, revision), await stored()], [
      NOW + 60_000,
      `${NOW + 60_000}`,
    ]);
  },
);

Deno.test("Revision never restarts below a known value", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { revision, key, time } = setUp(redis);
  await revision.create();
  await redis.client.del(key);
  // The instance that creates it now has a clock that is ten minutes slow.
  time.now -= 600_000;
  assertEquals(await revision.create(), NOW + 1);
  await redis.client.del(key);
  assertEquals(await increment(redis, revision), NOW + 3);
});

Deno.test("Revision does not restart when another instance was faster", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { revision, time, stored } = setUp(redis);
  await revision.create();
  // Before the reply is used, a reader learns what another instance has stored since.
  const incremented = await increment(redis, revision, async () => {
    await revision.parse(`${NOW + 2}`);
    time.now += 60_000;
  });
  assertEquals([incremented, await stored()], [NOW + 1, `${NOW + 1}`]);
});

Deno.test(
  "Revision.isUncertain from a lost reply to the next one that arrives",
  LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { revision, stored } = setUp(redis);
    await revision.create();
    const link = new FaultyLink();
    link.attach(redis.client);
    link.loseReplies(/^EXEC/);
    await assertRejects(() => increment(redis, revision), StoreError);
    assertEquals([revision.isUncertain, await stored()], [true, `${NOW + 1}`]);
    link.heal();
    assertEquals(await increment(redis, revision), NOW + 2);
    assertEquals(revision.isUncertain, false);
  },
);
