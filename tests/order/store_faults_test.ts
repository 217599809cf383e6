import { assertEquals } from "@std/assert";
import { keysBelow } from "../../src/redis/keys.ts";
import { eventually } from "../helpers/eventually.ts";
import type { TestRedis } from "../helpers/redis.ts";
import { risingAt } from "../helpers/samples.ts";
import { assertForward, samplesOf } from "./observer.ts";
import { startTestbed } from "./testbed.ts";

const LIMIT = { timeout: 60_000 };

Deno.test("a cached value above 64 KB is a miss", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second, redis, keys } = testbed;
  const { revision } = await first.readSummary();
  const wrong = { ...risingAt(revision), as_of: "2021-07-07T12:29:58.000Z" };
  await redis.client.set(keys.cache, JSON.stringify(wrong).padEnd(65_537));
  await testbed.converge(1);
  await redis.client.set(keys.cache, JSON.stringify(wrong));
  second.clock.advance(4_500);
  // With a valid size it would be used, so only the size makes it a miss.
  assertEquals((await second.readSummary()).samples, 30);
});

Deno.test("samples whose transaction lost its reply reach all readers", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second } = testbed;
  first.link.loseReplies(/^EXEC /);
  testbed.advanceFeed();
  assertEquals((await first.refresh()).status, 503);
  await testbed.converge(2);
  first.link.heal();
  // It stores nothing, but increments and announces what the lost reply hid.
  const { revision } = await first.readSummary();
  assertEquals((await (await first.refresh()).json()).stored, 0);
  await eventually(() => second.streamed.at(-1)?.revision === revision);
  assertEquals((await first.readSummary()).revision, revision + 1);
  await testbed.converge(2);
  assertForward(first, second);
});

Deno.test("a vanished revision takes no instance back", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second, redis, keys } = testbed;
  await redis.client.del(keys.revision);
  await testbed.converge(1);
  await redis.client.del(keys.revision);
  testbed.advanceFeed();
  await second.refresh();
  await testbed.converge(2);
  assertForward(first, second);
});

Deno.test("an emptied Redis is filled by the next refresh", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second, redis } = testbed;
  await removeAll(redis);
  // What is kept is served meanwhile.
  await testbed.converge(1);
  testbed.advanceFeed();
  const { stored } = await (await second.refresh()).json();
  assertEquals(stored, 4);
  await testbed.converge(2);
  assertForward(first, second);
});

Deno.test("all instances follow a store that was restored to an older state", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second, redis, keys } = testbed;
  const { revision } = await first.readSummary();
  testbed.advanceFeed();
  testbed.advanceFeed();
  await first.refresh();
  await testbed.converge(3);
  assertEquals((await second.readHistory()).samples, 3);

  await removeAll(redis);
  for (const { metric, timestamp, value } of samplesOf(1)) {
    const key = keys.series[metric];
    await redis.client.call("TS.CREATE", key, "DUPLICATE_POLICY", "FIRST");
    await redis.client.call("TS.MADD", key, timestamp, value);
  }
  await redis.client.set(keys.revision, revision);
  await testbed.converge(1);
  assertEquals(await first.readHistory(), { revision, samples: 1 });

  // From there on, revisions that were used before label something else.
  testbed.advanceFeed();
  await second.refresh();
  await testbed.converge(4);
  assertEquals(await second.readHistory(), { revision: revision + 1, samples: 4 });
});

/** Removes what the test stored: other tests may use the same server. */
async function removeAll({ client, prefix }: TestRedis): Promise<void> {
  const keys = Object.values(keysBelow(prefix, "test").series);
  const { revision, cache, claims, refresh, backfilled } = keysBelow(prefix, "test");
  await client.del(...keys, revision, cache, ...Object.values(claims), refresh, backfilled);
}
