import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { RedisClaims } from "../../src/redis/claims.ts";
import { closeRedis, connectRedis } from "../../src/redis/connection.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { Series } from "../../src/redis/series.ts";
import { RedisSummaryCache } from "../../src/redis/summary_cache.ts";
import { Background } from "../../src/use_cases/background.ts";
import { Refresher } from "../../src/use_cases/refresh.ts";
import { Schedule } from "../../src/use_cases/schedule.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { keepLog } from "../helpers/log.ts";
import { runTask } from "../helpers/process.ts";
import { NOW } from "../helpers/samples.ts";
import type { Link, Toxic } from "../helpers/tcp_proxy.ts";
import { environmentOf, read, refresh, startRig, warmUp } from "./rig.ts";

const TICK_MS = 60_000;
const LEAVES_TIMERS = { sanitizeOps: false, sanitizeResources: false };

/** One instance with its own connection; its clock is given, as ten ticks take ten minutes. */
function startInstance(redisUrl: string, feedUrl: string, clock: () => number) {
  const redis = connectRedis(redisUrl, { onReady() {}, onLost() {} });
  const keys = keysBelow("is-bitcoin-lit");
  const series = new Series({ client: redis, keys: keys.series, retentionMs: 86_400_000 });
  const background = new Background(keepLog());
  const refresher = new Refresher({
    feed: createSentiCrypt({ url: feedUrl, clock }),
    cache: new RedisSummaryCache(redis, keys.cache),
    ...{ series, background, clock, log: keepLog(), minIntervalMs: 0 },
    ...{
      sleep: (ms, signal) => delay(ms, { signal }),
      random: () => 0,
      onSummary() {},
      onEnd() {},
    },
    signal: new AbortController().signal,
  });
  return {
    series,
    schedule: new Schedule({
      refresher,
      series,
      clock,
      claims: new RedisClaims(redis, keys.claim),
    }),
    async [Symbol.asyncDispose]() {
      await background.drain();
      await closeRedis(redis);
    },
  };
}

Deno.test(
  "several instances ask the feed once per tick and store each sample once",
  LEAVES_TIMERS,
  async () => {
    let now = NOW;
    await using redis = startEmbeddedRedis();
    await using feed = serveLocally(() =>
      Response.json([{ timestamp: now / 1_000, btc_price: "34500", mean: 0.5 }])
    );
    await using first = startInstance(redis.url, feed.url, () => now - 5_000);
    await using second = startInstance(redis.url, feed.url, () => now);
    await using third = startInstance(redis.url, feed.url, () => now + 5_000);
    const instances = [first, second, third];
    for (let tick = 0; tick < 10; tick++, now += TICK_MS) {
      await Promise.all(instances.map(({ schedule }) => schedule.tick()));
    }
    assertEquals(feed.requests, 10);
    using client = await RespClient.connect(redis.port);
    const points = await client.call("TS.RANGE", "is-bitcoin-lit:price:mean:30s", "-", "+");
    assertEquals(points.split("\r\n", 1), ["*10"]);
  },
);

/** Holds the link up at the samples of a refresh, and says when. */
type Hold = (onHeld: () => void) => Toxic;

const holdBeforeStoring: Hold = (onHeld) => ({
  async *up(chunk, link) {
    if (chunk.includes("TS.MADD")) await hold(link, onHeld);
    yield chunk;
  },
});

const holdAfterStoring: Hold = (onHeld) => {
  let sent = false;
  return {
    async *up(chunk) {
      sent ||= chunk.includes("TS.MADD");
      yield chunk;
    },
    async *down(chunk, link) {
      if (sent) await hold(link, onHeld);
      yield chunk;
    },
  };
};

async function hold(link: Link, onHeld: () => void): Promise<void> {
  onHeld();
  await link.sleep(Infinity);
}

Deno.test.each([
  { moment: "before its samples are stored", hold: holdBeforeStoring, stored: 2 },
  { moment: "after its samples are stored", hold: holdAfterStoring, stored: 0 },
])(
  "an instance that is killed $moment leaves a refresh that the next makes good",
  LEAVES_TIMERS,
  async ({ hold, stored }) => {
    await using rig = await startRig();
    await warmUp(rig);
    await using survivor = runTask("start", environmentOf(rig.store.url, rig.feed.url));
    rig.feed.advance();
    const held = Promise.withResolvers<void>();
    rig.redis.toxic = hold(held.resolve);
    const lost = refresh(rig.url).catch(() => "lost");
    await held.promise;
    await rig.service.stop("SIGKILL");
    assertEquals(await lost, "lost");

    const rows = (await rig.feed.answer().json()).length;
    const response = await fetch(`${await survivor.url}/refresh`, { method: "POST" });
    const report = await response.json();
    assertEquals([report.stored, report.duplicates], [stored, 2 * rows - stored]);
    assertEquals(await read(await survivor.url), rig.feed.summary);
    using client = await RespClient.connect(rig.store.port);
    const points = await client.call("TS.RANGE", "is-bitcoin-lit:price:mean:30s", "-", "+");
    assertEquals(points.split("\r\n", 1), [`*${rows}`]);
  },
);
