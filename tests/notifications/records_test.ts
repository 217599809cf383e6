import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { DeliveryRecord, TrackedState } from "../../src/notifications/wire.ts";
import { DeliveryRecords, hashAddress, StateTracker } from "../../src/notifications/records.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";

const TIME_LIMIT = { timeout: 60_000 };
const TRACKED: TrackedState = { state: "lit", since: 1_625_661_018_370, heldTicks: 2, tick: 7 };
const RECORD: DeliveryRecord = {
  delivered: "unlit",
  attempted: { state: "lit", since: 1_625_661_018_370 },
  failures: 3,
  attemptTick: 7,
  pauseTicks: 4,
  gone: false,
};

function setUp({ client, prefix }: TestRedis) {
  return {
    tracker: new StateTracker(client, `${prefix}:state`),
    records: new DeliveryRecords(client, (hash) => `${prefix}:delivered:${hash}`),
  };
}

Deno.test("StateTracker.read() returns what was written", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  const { tracker } = setUp(redis);
  assertEquals(await tracker.read(), undefined);
  await tracker.write(TRACKED);
  assertEquals(await tracker.read(), TRACKED);
});

Deno.test(
  "DeliveryRecords.read() returns what was written for an address",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { records } = setUp(redis);
    await records.write("0123456789abcdef", RECORD);
    assertEquals(await records.read("0123456789abcdef"), RECORD);
    assertEquals(await records.read("fedcba9876543210"), undefined);
  },
);

Deno.test("DeliveryRecords keep a record for 30 days beyond its last use", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  const { records } = setUp(redis);
  const key = `${redis.prefix}:delivered:0123456789abcdef`;
  const assertFresh = async () => {
    const days = await redis.client.ttl(key) / 86_400;
    assert(days > 29.9 && days <= 30, `${days} days`);
  };
  await records.write("0123456789abcdef", RECORD);
  await assertFresh();
  await redis.client.pexpire(key, 60_000);
  await records.renew("0123456789abcdef");
  await assertFresh();
});

Deno.test.each([
  { value: "no JSON", text: "lit" },
  { value: "another shape", text: "[]" },
  { value: "an unknown state", text: JSON.stringify({ ...TRACKED, state: "dim" }) },
  { value: "a time that no Date holds", text: JSON.stringify({ ...TRACKED, since: 8.65e15 }) },
])("StateTracker.read() treats $value as missing", TIME_LIMIT, async ({ text }) => {
  await using redis = await startTestRedis();
  const { tracker } = setUp(redis);
  await redis.client.set(`${redis.prefix}:state`, text);
  assertEquals(await tracker.read(), undefined);
});

Deno.test("StateTracker replaces a key of another type", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  const { tracker } = setUp(redis);
  await redis.client.call("TS.CREATE", `${redis.prefix}:state`);
  assertEquals(await tracker.read(), undefined);
  await tracker.write(TRACKED);
  assertEquals(await tracker.read(), TRACKED);
});

Deno.test(
  "StateTracker and DeliveryRecords ignore more than 64 KB",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    const { tracker, records } = setUp(redis);
    const fill = async (length: number) => {
      await redis.client.set(`${redis.prefix}:state`, JSON.stringify(TRACKED).padEnd(length));
      await redis.client.set(`${redis.prefix}:delivered:a`, JSON.stringify(RECORD).padEnd(length));
    };
    await fill(65_536);
    assertEquals([await tracker.read(), await records.read("a")], [TRACKED, RECORD]);
    await fill(65_537);
    assertEquals([await tracker.read(), await records.read("a")], [undefined, undefined]);
  },
);

Deno.test("hashAddress() is the start of the SHA-256 in hex", TIME_LIMIT, async () => {
  assertEquals(await hashAddress("abc"), "ba7816bf8f01cfea");
  assertNotEquals(await hashAddress("abd"), await hashAddress("abc"));
});
