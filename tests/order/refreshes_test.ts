import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { createLive } from "../../src/feeds/live.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { eventually } from "../helpers/eventually.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { serveSources, urlsOf } from "../helpers/live_sources.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { createTestService } from "../helpers/service.ts";
import { startTestbed } from "./testbed.ts";

const LIMIT = { timeout: 60_000 };
const WITH_INTERVAL = { environment: { REFRESH_MIN_INTERVAL_SECONDS: "5" } };

Deno.test(
  "POST /refresh asks a failing feed once per interval among instances",
  LIMIT,
  async () => {
    await using testbed = await startTestbed(WITH_INTERVAL);
    const { first, second, source, redis, keys } = testbed;
    // The interval after the first fill is over.
    await redis.client.del(keys.claims.refresh);
    source.requests = 0;
    source.answer = () => Promise.reject(new FeedError("timeout", "The feed is too slow"));
    const statuses: number[] = [];
    for (let round = 0; round < 20; round++) {
      const responses = await Promise.all([first.refresh(), second.refresh()]);
      for (const response of responses) {
        statuses.push(response.status);
        await response.body?.cancel();
      }
    }
    assertEquals(statuses.length, 40);
    assertEquals(source.requests, 1);
    // The very first may return the result of the previous refresh, the last one that ended.
    assertEquals(new Set(statuses.slice(2)), new Set([504]));
  },
);

Deno.test("POST /refresh marks a report of another instance as replayed", LIMIT, async () => {
  await using testbed = await startTestbed(WITH_INTERVAL);
  const { second, source } = testbed;
  const response = await second.refresh();
  const { stored, replayed } = await response.json();
  assertEquals([response.status, stored, replayed, source.requests], [200, 2, true, 1]);
});

Deno.test(
  "POST /refresh does not wait for a tick, and a tick has its own tries",
  LIMIT,
  async () => {
    await using testbed = await startTestbed();
    const { first, second, source } = testbed;
    const started = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<never>();
    source.answer = () => {
      started.resolve();
      return answer.promise;
    };
    source.requests = 0;
    const tick = first.service.tick();
    await started.promise;
    for (const instance of [first, second]) {
      assertEquals((await (await instance.refresh()).json()).replayed, true);
    }
    answer.reject(new FeedError("timeout", "The feed is too slow", { retryAfterMs: 0 }));
    await tick;
    assertEquals(source.requests, 1);
  },
);

Deno.test("Service.tick() asks the feed once among instances", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second, source } = testbed;
  source.requests = 0;
  testbed.advanceFeed();
  await Promise.all([first.service.tick(), second.service.tick(), first.service.tick()]);
  assertEquals(source.requests, 1);
  await testbed.converge(2);
});

Deno.test("Service.tick() is not refused by its own claim after a lost reply", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, source } = testbed;
  source.requests = 0;
  let lost = 0;
  first.link.loseReplies(/^SET \S+:claim:tick$/, () => ++lost === 1);
  await first.service.tick();
  assertEquals([source.requests, lost], [1, 2]);
});

Deno.test("the first start loads 30 days by at most 8 requests, once", LIMIT, async () => {
  await using redis = await startTestRedis();
  await using sources = serveSources();
  const { kraken, coinbase, bitstamp, okx, bybit } = sources;
  const feed = createLive(feedOptions(urlsOf(sources)));
  const environment = { REFRESH_MIN_INTERVAL_SECONDS: "0" };
  async function startAndCountHours(): Promise<number> {
    await using service = createTestService({ redis, feed, environment });
    service.start();
    return await eventually(async () => {
      const response = await service.request("/history?hours=720&bucket=1h");
      const hours = response.ok ? (await response.json()).points.length : 0;
      if (hours >= 700) await service.tick();
      return hours >= 700 && hours;
    });
  }
  function countRequests(): number {
    return kraken.requests + coinbase.requests + bitstamp.requests + okx.requests +
      bybit.requests;
  }
  const hours = await startAndCountHours();
  const [first, perTick] = [7, 4];
  assertEquals(countRequests(), first + perTick);
  // Another minute, another tick.
  await redis.client.del(keysBelow(redis.prefix, "live").claims.tick);
  assertEquals(await startAndCountHours(), hours);
  assertEquals(countRequests(), first + 2 * perTick);
});
