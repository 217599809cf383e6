import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import type { LastRefresh } from "../../src/refresh/wire.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { BackfillMarks, RefreshRecord } from "../../src/refresh/record.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
const MARKS = { price: "2021-06-07T12:00:00.000Z" };

function setUp({ client, prefix }: TestRedis) {
  const keys = keysBelow(prefix);
  return {
    keys,
    record: new RefreshRecord(client, keys.refresh),
    marks: new BackfillMarks(client, keys.backfilled),
  };
}

Deno.test.each([
  { value: "no JSON", text: "lit" },
  { value: "no result", text: '{"sources":[]}' },
  {
    value: "an unknown fault",
    text: '{"result":{"failure":{"fault":"x","message":""}},"sources":[]}',
  },
  { value: "a list, as the version before wrote", text: '["price"]' },
  { value: "no time", text: '{"price":1}' },
])("RefreshRecord and BackfillMarks ignore $value", LIMIT, async ({ text }) => {
  await using redis = await startTestRedis();
  const { record, marks, keys } = setUp(redis);
  for (const key of [keys.refresh, keys.backfilled]) await redis.client.set(key, text);
  assertEquals([await record.read(), await marks.read()], [undefined, {}]);
});

Deno.test("RefreshRecord and BackfillMarks ignore more than 64 KB", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { record, marks, keys } = setUp(redis);
  const last: LastRefresh = { result: { failure: { fault: "store", message: "" } }, sources: [] };
  const [recordText, marksText] = [JSON.stringify(last), JSON.stringify(MARKS)];
  await redis.client.set(keys.refresh, recordText.padEnd(65_536));
  await redis.client.set(keys.backfilled, marksText.padEnd(65_536));
  assertEquals([await record.read(), await marks.read()], [last, MARKS]);
  await redis.client.set(keys.refresh, recordText.padEnd(65_537));
  await redis.client.set(keys.backfilled, marksText.padEnd(65_537));
  assertEquals([await record.read(), await marks.read()], [undefined, {}]);
});

Deno.test("RefreshRecord and BackfillMarks replace another type", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { record, marks, keys } = setUp(redis);
  for (const key of [keys.refresh, keys.backfilled]) await redis.client.call("TS.CREATE", key);
  assertEquals([await record.read(), await marks.read()], [undefined, {}]);
  await marks.write(MARKS);
  assertEquals(await marks.read(), MARKS);
});

Deno.test("RefreshRecord fails when Redis cannot be reached", LIMIT, async () => {
  const client = {
    call: () => Promise.reject(new Error("Connection is closed.")),
    multi() {
      throw new Error("must not be used");
    },
  };
  await assertRejects(() => new RefreshRecord(client, "k").read(), StoreError);
});

Deno.test("RefreshRecord keeps the last refresh", LIMIT, async () => {
  await using store = await createTestStore();
  const { record } = store;
  assertEquals(await record.read(), undefined);
  const failed: LastRefresh = {
    result: { failure: { fault: "timeout", message: "too slow", retry_after_ms: 7_000 } },
    sources: [{ source: "a", last_success: null, failure: "too slow" }],
  };
  const reported: LastRefresh = {
    result: {
      report: {
        feed: "test",
        received: 2,
        stored: 1,
        duplicates: 1,
        rejected: 0,
        expired: 3,
        as_of: null,
        refreshed_at: "2021-07-07T12:30:00.000Z",
        failed_sources: [{ source: "a", fault: "invalid", message: "no JSON" }],
        degraded: true,
      },
    },
    sources: [{ source: "a", last_success: "2021-07-07T12:30:00.000Z" }],
  };
  for (const last of [failed, reported]) {
    await record.write(last);
    assertEquals(await record.read(), last);
  }
});

Deno.test("BackfillMarks keep the oldest hour of each metric", LIMIT, async () => {
  await using store = await createTestStore();
  const { marks } = store;
  assertEquals(await marks.read(), {});
  for (const kept of [MARKS, { ...MARKS, sentiment: "2021-06-07T13:00:00.000Z" }]) {
    await marks.write(kept);
    assertEquals(await marks.read(), kept);
  }
  await marks.clear();
  assertEquals(await marks.read(), {});
});
