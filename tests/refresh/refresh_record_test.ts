import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import type { LastRefresh } from "../../src/refresh/report.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { RedisBackfillMarks, RedisRefreshRecord } from "../../src/refresh/record.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";

const LIMIT = { timeout: 10_000 };

function setUp({ client, prefix }: TestRedis) {
  const keys = keysBelow(prefix);
  return {
    keys,
    record: new RedisRefreshRecord(client, keys.refresh),
    marks: new RedisBackfillMarks(client, keys.backfilled),
  };
}

Deno.test.each([
  { value: "no JSON", text: "lit" },
  { value: "no result", text: '{"sources":[]}' },
  {
    value: "an unknown fault",
    text: '{"result":{"failure":{"fault":"x","message":""}},"sources":[]}',
  },
  { value: "no list of metrics", text: '["volume"]' },
])("RedisRefreshRecord and RedisBackfillMarks ignore $value", LIMIT, async ({ text }) => {
  await using redis = await startTestRedis();
  const { record, marks, keys } = setUp(redis);
  for (const key of [keys.refresh, keys.backfilled]) await redis.client.set(key, text);
  assertEquals([await record.read(), await marks.read()], [undefined, new Set()]);
});

Deno.test("RedisRefreshRecord and RedisBackfillMarks ignore more than 64 KB", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { record, marks, keys } = setUp(redis);
  const last: LastRefresh = { result: { failure: { fault: "store", message: "" } }, sources: [] };
  const [recordText, marksText] = [JSON.stringify(last), '["price"]'];
  await redis.client.set(keys.refresh, recordText.padEnd(65_536));
  await redis.client.set(keys.backfilled, marksText.padEnd(65_536));
  assertEquals([await record.read(), await marks.read()], [last, new Set(["price"])]);
  await redis.client.set(keys.refresh, recordText.padEnd(65_537));
  await redis.client.set(keys.backfilled, marksText.padEnd(65_537));
  assertEquals([await record.read(), await marks.read()], [undefined, new Set()]);
});

Deno.test("RedisRefreshRecord and RedisBackfillMarks replace another type", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { record, marks, keys } = setUp(redis);
  for (const key of [keys.refresh, keys.backfilled]) await redis.client.call("TS.CREATE", key);
  assertEquals([await record.read(), await marks.read()], [undefined, new Set()]);
  await marks.write(new Set(["price"]));
  assertEquals(await marks.read(), new Set(["price"]));
});

Deno.test("RedisRefreshRecord fails when Redis cannot be reached", LIMIT, async () => {
  const client = {
    call: () => Promise.reject(new Error("Connection is closed.")),
    multi() {
      throw new Error("must not be used");
    },
  };
  await assertRejects(() => new RedisRefreshRecord(client, "k").read(), StoreError);
});
