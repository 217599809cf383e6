import { assertEquals } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import type { Summary } from "../../src/core/summary.ts";
import { closeRedis, connectRedis } from "../../src/redis/connection.ts";
import { listenForSummaries, RedisAnnouncer } from "../../src/redis/updates.ts";
import { eventually } from "../helpers/eventually.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { RISING_SUMMARY } from "../helpers/samples.ts";

/** Listens on a connection of its own and keeps what it hears. */
function listen(url: string, channel: string) {
  const heard: Summary[] = [];
  const subscriber = connectRedis(url, { onReady() {}, onLost() {} });
  listenForSummaries(subscriber, channel, (summary) => heard.push(summary));
  subscriber.connect().catch(() => {});
  return { heard, [Symbol.asyncDispose]: () => closeRedis(subscriber) };
}

Deno.test("RedisAnnouncer.announce() reaches every listener of its channel", async () => {
  await using redis = await startTestRedis();
  const channel = `${redis.prefix}:updates`;
  await using first = listen(redis.url, channel);
  await using second = listen(redis.url, channel);
  await using stranger = listen(redis.url, `${channel}:other`);
  const announcer = new RedisAnnouncer(redis.client, channel);
  await eventually(async () => {
    await announcer.announce(RISING_SUMMARY);
    return first.heard.length > 0 && second.heard.length > 0;
  });
  assertEquals([first.heard[0], second.heard[0]], [RISING_SUMMARY, RISING_SUMMARY]);
  assertEquals(stranger.heard, []);
});

Deno.test("listenForSummaries() passes over what is no summary", async () => {
  await using redis = await startTestRedis();
  const channel = `${redis.prefix}:updates`;
  await using listener = listen(redis.url, channel);
  await eventually(async () => {
    await redis.client.publish(channel, "lit!");
    await new RedisAnnouncer(redis.client, channel).announce(RISING_SUMMARY);
    return listener.heard.length > 0;
  });
  assertEquals(new Set(listener.heard.map(({ as_of }) => as_of)), new Set([RISING_SUMMARY.as_of]));
});

// Where ioredis drops a connection, some timers of its own run out behind it.
const LEAVES_TIMERS = { sanitizeOps: false, sanitizeResources: false };

Deno.test("listenForSummaries() subscribes again after Redis was away", LEAVES_TIMERS, async () => {
  const before = startEmbeddedRedis();
  await using listener = listen(before.url, "updates");
  await before[Symbol.asyncDispose]();
  await using _after = startEmbeddedRedis({ port: before.port });
  const client = connectRedis(before.url, { onReady() {}, onLost() {} });
  await eventually(async () => {
    await new RedisAnnouncer(client, "updates").announce(RISING_SUMMARY);
    return listener.heard.length > 0;
  });
  await closeRedis(client);
});
