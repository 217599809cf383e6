import { assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async/delay";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { closeRedis, connect, connectRedis } from "../../src/redis/connection.ts";
import { createAnnounce, receiveSummaries } from "../../src/summary/cache.ts";
import { eventually } from "../helpers/eventually.ts";
import { keepLog } from "../helpers/log.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { startRedisServer, tell } from "../helpers/redis_server.ts";
import { risingAt } from "../helpers/samples.ts";
import { TcpProxy } from "../helpers/tcp_proxy.ts";
import * as toxics from "../helpers/toxics.ts";
import type { RevisedSummary } from "../../src/summary/wire.ts";

const LIMIT = { timeout: 60_000 };
// When ioredis drops a connection, some timers of its own run out afterwards.
const LEAVES_TIMERS = { ...LIMIT, sanitizeOps: false, sanitizeResources: false };
const ON_DEBIAN = { ...LEAVES_TIMERS, timeout: 60_000, ignore: !HAS_REDIS_SERVER };

/** Receives on a connection of its own, with short pauses, and keeps what arrives. */
function receive(
  url: string,
  channel: string,
  onSummary: (summary: RevisedSummary) => void = () => {},
) {
  const received: RevisedSummary[] = [];
  const pauses: number[] = [];
  const log = keepLog();
  const closing = new AbortController();
  const subscriber = connect(url, { subscribes: true });
  subscriber.on("error", () => {});
  receiveSummaries(subscriber, {
    channel,
    log,
    signal: closing.signal,
    onSummary(summary) {
      received.push(summary);
      onSummary(summary);
    },
    async sleep(ms, signal) {
      pauses.push(ms);
      await delay(ms / 100, { signal });
    },
  });
  subscriber.connect().catch(() => {});
  return {
    received,
    pauses,
    log,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await closeRedis(subscriber);
    },
  };
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

/** How many connections of a server are subscribed to `updates`. */
async function countSubscribers(port: number): Promise<unknown> {
  const reply = await tell(port, "PUBSUB", "NUMSUB", "updates");
  return Array.isArray(reply) ? reply[1] : undefined;
}

Deno.test(
  "receiveSummaries() subscribes again with pauses after a refusal, and logs the reason once",
  ON_DEBIAN,
  async () => {
    await using server = await startRedisServer();
    await using subscriber = receive(`redis://127.0.0.1:${server.port}`, "updates");
    const { pauses, log, received } = subscriber;
    await eventually(async () => await countSubscribers(server.port) === 1);
    // Redis ends the connections of those who lose the right to their channel.
    await tell(server.port, "ACL", "SETUSER", "default", "resetchannels");
    await eventually(() => pauses.filter((ms) => ms === 15_000).length > 2);
    await tell(server.port, "ACL", "SETUSER", "default", "allchannels");
    await eventually(async () => await countSubscribers(server.port) === 1);
    await tell(server.port, "PUBLISH", "updates", JSON.stringify(risingAt(1)));
    await eventually(() => received.length === 1);

    const refused = pauses.indexOf(1_000);
    assertEquals(pauses.slice(refused, refused + 5), [1_000, 2_000, 4_000, 8_000, 15_000]);
    assertEquals(log.lines.map(({ level, message }) => `${level} ${message}`), [
      "warn announcements of other instances cannot be received",
      "info announcements are received again",
    ]);
    assertMatch(String(log.lines[0]?.fields.error), /NOPERM/);
  },
);

Deno.test(
  "receiveSummaries() survives a server that ends its connection again and again",
  ON_DEBIAN,
  async () => {
    await using server = await startRedisServer();
    await using subscriber = receive(`redis://127.0.0.1:${server.port}`, "updates");
    for (let kills = 0; kills < 20;) {
      kills += Number(await tell(server.port, "CLIENT", "KILL", "TYPE", "pubsub"));
    }
    await eventually(async () => await countSubscribers(server.port) === 1);
    assertEquals(subscriber.log.lines, []);
  },
);

Deno.test.each([
  { fault: "dropped", toxic: toxics.hang() },
  { fault: "answered after more than 1 s", toxic: toxics.latency(1_200) },
])("receiveSummaries() subscribes again when SUBSCRIBE is $fault", ON_DEBIAN, async ({ toxic }) => {
  await using server = await startRedisServer();
  await using proxy = await TcpProxy.start(server.port);
  await using subscriber = receive(`redis://127.0.0.1:${proxy.port}`, "updates");
  await eventually(async () => await countSubscribers(server.port) === 1);
  proxy.toxic = toxic;
  await eventually(() => subscriber.log.lines.length > 0);
  proxy.toxic = undefined;
  await eventually(() => subscriber.log.lines.length > 1);
  await tell(server.port, "PUBLISH", "updates", JSON.stringify(risingAt(1)));
  await eventually(() => subscriber.received.length === 1);
});

Deno.test("receiveSummaries() logs what a listener throws, and goes on", LIMIT, async () => {
  await using redis = await startTestRedis();
  const channel = `${redis.prefix}:updates`;
  await using subscriber = receive(redis.url, channel, () => {
    throw new RangeError("unforeseen");
  });
  const announce = createAnnounce(redis.client, channel);
  await eventually(async () => {
    await announce(risingAt(1));
    return subscriber.received.length > 1;
  });
  assertEquals(subscriber.log.lines[0]?.message, "an announcement failed");
});
