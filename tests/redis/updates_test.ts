import { assertEquals } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import type { RevisedSummary } from "../../src/core/summary.ts";
import { closeRedis, connectRedis } from "../../src/redis/connection.ts";
import { createAnnounce, receiveSummaries } from "../../src/redis/updates.ts";
import { eventually } from "../helpers/eventually.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { risingAt } from "../helpers/samples.ts";

const LIMIT = { timeout: 10_000 };
// When ioredis drops a connection, some timers of its own run out afterwards.
const LEAVES_TIMERS = { ...LIMIT, sanitizeOps: false, sanitizeResources: false };

/** Receives on a connection of its own, and keeps what arrives. */
function receive(url: string, channel: string) {
  const received: RevisedSummary[] = [];
  const subscriber = connectRedis(url);
  subscriber.on("error", () => {});
  receiveSummaries(subscriber, channel, (summary) => received.push(summary));
  subscriber.connect().catch(() => {});
  return { received, [Symbol.asyncDispose]: () => closeRedis(subscriber) };
}

Deno.test("createAnnounce() reaches every subscriber of its channel", LIMIT, async () => {
  await using redis = await startTestRedis();
  const channel = `${redis.prefix}:updates`;
  await using first = receive(redis.url, channel);
  await using second = receive(redis.url, channel);
  await using stranger = receive(redis.url, `${channel}:other`);
  const announce = createAnnounce(redis.client, channel);
  await eventually(async () => {
    await announce(risingAt(1));
    return first.received.length > 0 && second.received.length > 0;
  });
  assertEquals([first.received[0], second.received[0]], [risingAt(1), risingAt(1)]);
  assertEquals(stranger.received, []);
});

Deno.test.each([
  { message: "no JSON", text: "lit!" },
  { message: "no summary", text: '{"revision":9}' },
  { message: "too long a summary", text: JSON.stringify(risingAt(9)).padEnd(65_537) },
])("receiveSummaries() ignores $message", LIMIT, async ({ text }) => {
  await using redis = await startTestRedis();
  const channel = `${redis.prefix}:updates`;
  await using subscriber = receive(redis.url, channel);
  await eventually(async () => {
    await redis.client.publish(channel, text);
    await createAnnounce(redis.client, channel)(risingAt(1));
    return subscriber.received.length > 0;
  });
  assertEquals(new Set(subscriber.received.map(({ revision }) => revision)), new Set([1]));
});

Deno.test("receiveSummaries() subscribes again after Redis was away", LEAVES_TIMERS, async () => {
  const before = startEmbeddedRedis();
  await using subscriber = receive(before.url, "updates");
  await before[Symbol.asyncDispose]();
  await using _after = startEmbeddedRedis({ port: before.port });
  const client = connectRedis(before.url);
  await eventually(async () => {
    await createAnnounce(client, "updates")(risingAt(1));
    return subscriber.received.length > 0;
  });
  await closeRedis(client);
});
