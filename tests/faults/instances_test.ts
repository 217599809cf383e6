import { assertEquals } from "@std/assert";
import * as z from "zod";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { FaultyLink } from "../helpers/faulty_link.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { NOW } from "../helpers/samples.ts";
import {
  createTestService,
  type TestService,
  type TestServiceOptions,
} from "../helpers/service.ts";
import type { Link, Toxic } from "../helpers/tcp_proxy.ts";
import { SERIES } from "./assertions.ts";
import {
  ENVIRONMENT,
  PREFIX,
  refresh,
  startProcessTestbed,
  type Testbed,
  warmUp,
} from "./testbed.ts";
import { ScriptedFeed } from "./scripted_feed.ts";

const TICK_MS = 60_000;
const TIME_LIMIT = { timeout: 60_000 };

const [PRICE_KEY = ""] = SERIES;

Deno.test(
  "Service.tick() asks the feed once among several instances and stores each sample once",
  TIME_LIMIT,
  async () => {
    let now = NOW;
    await using store = startEmbeddedRedis({ now: () => now });
    await using feed = serveLocally(() =>
      Response.json([{ timestamp: now / 1_000, btc_price: "34500", mean: 0.5 }])
    );
    function createInstance(skewMs: number): TestService {
      const clock = { now: () => now + skewMs, elapsed: () => now - NOW };
      return createTestService({
        redis: { url: store.url, prefix: PREFIX },
        feed: createSentiCrypt(feedOptions({ sentimentApiUrl: feed.url, now: clock.now })),
        environment: ENVIRONMENT,
        clock,
      });
    }
    await using first = createInstance(-5_000);
    await using second = createInstance(0);
    await using third = createInstance(5_000);
    const instances = [first, second, third];
    for (let tick = 0; tick < 10; tick++, now += TICK_MS) {
      await Promise.all(instances.map((instance) => instance.tick()));
    }
    assertEquals(feed.requests, 10);
    assertEquals(await countSamples(store.port), 10);
  },
);

Deno.test(
  "instances that start on an empty Redis ask the feed once, without an interval too",
  TIME_LIMIT,
  async () => {
    await using store = startEmbeddedRedis();
    await using feed = new ScriptedFeed();
    const link = new FaultyLink();
    const held = link.hold(/^SET is-bitcoin-lit:claim:refresh$/);
    {
      await using _late = startInstance(store.url, feed.url, { connect: link.connect });
      // It has seen that the series are empty.
      await held.arrived;
      await using first = startInstance(store.url, feed.url);
      await eventually(() => isCurrent(first, feed));
      using redis = await RespClient.connect(store.port);
      await eventually(async () =>
        await redis.call("EXISTS", `${PREFIX}:claim:refresh`) === ":0\r\n"
      );
      held.release();
      await eventually(() => link.pending === 0);
    }
    assertEquals(feed.requests, 1);
  },
);

/** What a refresh writes after its samples: the cache and the announcement. */
const LATE_WRITES = /^(PUBLISH |SET is-bitcoin-lit:cache$)/;

Deno.test(
  "no instance goes back to an older summary when another's writes arrive late",
  TIME_LIMIT,
  async () => {
    await using store = startEmbeddedRedis();
    await using feed = new ScriptedFeed();
    const link = new FaultyLink();
    await using late = startInstance(store.url, feed.url, { connect: link.connect });
    await using prompt = startInstance(store.url, feed.url);
    for (const instance of [late, prompt]) await eventually(() => isCurrent(instance, feed));
    await waitForSubscribers(store.port, 2);

    const held = link.hold(LATE_WRITES);
    const reading = new AbortController();
    const readers = [late, prompt].map((instance) => startReading(instance, reading.signal));
    for (const instance of [late, prompt]) {
      feed.advance();
      const response = await instance.request("/refresh", { method: "POST" });
      const { stored } = await response.json();
      assertEquals([response.status, stored], [200, 2]);
    }
    await held.arrived;
    const newest = JSON.parse(feed.summary).as_of;
    for (const { times } of readers) await eventually(() => times.at(-1) === newest);
    held.release();
    await eventually(() => link.pending === 0);
    await eventually(() => isCurrent(late, feed));
    // Long enough for an announcement on its way, and for what it would change.
    const start = performance.now();
    await eventually(() => performance.now() - start > 300);
    reading.abort();
    for (const { times, ended } of readers) {
      await ended;
      assertEquals(times, times.toSorted());
    }
    assertEquals(await readSummary(prompt), feed.summary);
    await using fresh = startInstance(store.url, feed.url);
    assertEquals(await readSummary(fresh), feed.summary);
  },
);

function startInstance(
  redisUrl: string,
  feedUrl: string,
  parts: Pick<TestServiceOptions, "connect"> = {},
): TestService {
  const service = createTestService({
    redis: { url: redisUrl, prefix: PREFIX },
    feed: createSentiCrypt(feedOptions({ sentimentApiUrl: feedUrl })),
    environment: ENVIRONMENT,
    ...parts,
  });
  service.start();
  return service;
}

async function readSummary(instance: TestService): Promise<string> {
  return await (await instance.request("/is-bitcoin-lit")).text();
}

async function isCurrent(instance: TestService, feed: ScriptedFeed): Promise<boolean> {
  return await readSummary(instance) === feed.summary;
}

/** Waits until that many instances receive announcements; this one does not parse. */
async function waitForSubscribers(port: number, count: number): Promise<void> {
  using redis = await RespClient.connect(port);
  await eventually(async () =>
    await redis.call("PUBLISH", `${PREFIX}:updates`, "none") === `:${count}\r\n`
  );
}

/** Reads again and again until it is stopped; keeps each `as_of` that differs from the one before. */
function startReading(instance: TestService, signal: AbortSignal) {
  const times: string[] = [];
  async function read(): Promise<void> {
    while (!signal.aborted) {
      const { as_of: asOf } = JSON.parse(await readSummary(instance));
      if (asOf !== times.at(-1)) times.push(asOf);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return { times, ended: read() };
}

/** Holds the link up at the samples of a refresh, and calls back then. */
type Hold = (onHeld: () => void) => Toxic;

const holdBeforeStoring: Hold = (onHeld) => ({
  async *up(chunk, link) {
    if (chunk.includes("TS.MADD")) await hold(link, onHeld);
    yield chunk;
  },
});

const holdAfterStoring: Hold = (onHeld) => {
  let isSent = false;
  return {
    async *up(chunk) {
      isSent ||= chunk.includes("TS.MADD");
      yield chunk;
    },
    async *down(chunk, link) {
      if (isSent) await hold(link, onHeld);
      yield chunk;
    },
  };
};

async function hold(link: Link, onHeld: () => void): Promise<void> {
  onHeld();
  await link.sleep(Infinity);
}

const REPORT = z.object({ stored: z.number(), duplicates: z.number() });

Deno.test.each([
  { moment: "before its samples are stored", hold: holdBeforeStoring, stored: 2 },
  { moment: "after its samples are stored", hold: holdAfterStoring, stored: 0 },
])(
  "an instance that is killed $moment leaves a refresh that the next completes",
  TIME_LIMIT,
  async ({ hold, stored }) => {
    await using testbed = await startProcessTestbed();
    await warmUp(testbed);
    testbed.feed.advance();
    await killDuringRefresh(testbed, hold);

    await using survivor = startInstance(testbed.store.url, testbed.feed.url);
    const response = await survivor.request("/refresh", { method: "POST" });
    const report = REPORT.parse(await response.json());
    assertEquals(report, { stored, duplicates: 2 * testbed.feed.size - stored });
    assertEquals(await readSummary(survivor), testbed.feed.summary);
    assertEquals(await countSamples(testbed.store.port), testbed.feed.size);
  },
);

async function killDuringRefresh(
  testbed: Testbed & { service: { stop(signal: "SIGKILL"): Promise<number> } },
  hold: Hold,
): Promise<void> {
  const held = Promise.withResolvers<void>();
  testbed.redis.toxic = hold(held.resolve);
  const lost = refresh(testbed.url).catch(() => "lost");
  await held.promise;
  await testbed.service.stop("SIGKILL");
  assertEquals(await lost, "lost");
  using redis = await RespClient.connect(testbed.store.port);
  // The claim of the dead instance would expire by itself after 30 s.
  await redis.call("DEL", `${PREFIX}:claim:refresh`);
}

async function countSamples(port: number): Promise<number> {
  using client = await RespClient.connect(port);
  const points = await client.call("TS.RANGE", PRICE_KEY, "-", "+");
  return Number(/^\*(\d+)/.exec(points)?.[1]);
}
