import { assert, assertEquals } from "@std/assert";
import type { BackfillMarks, RefreshRecord } from "../../src/refresh/record.ts";
import type { Claims } from "../../src/redis/claims.ts";
import type { SeriesReader } from "../../src/redis/series.ts";
import type { SeriesWriter } from "../../src/redis/series_writer.ts";
import type { SummaryCache } from "../../src/summary/cache.ts";
import { SYSTEM_CLOCK } from "../../src/samples/clock.ts";
import type { LastRefresh } from "../../src/refresh/report.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { RedisClaims } from "../../src/redis/claims.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { RedisBackfillMarks, RedisRefreshRecord } from "../../src/refresh/record.ts";
import { Revision } from "../../src/redis/revision.ts";
import { Series } from "../../src/redis/series.ts";
import { RedisSeriesWriter } from "../../src/redis/series_writer.ts";
import { RedisSummaryCache } from "../../src/summary/cache.ts";
import {
  MemoryBackfillMarks,
  MemoryClaims,
  MemoryRefreshRecord,
  MemorySeries,
  MemorySummaryCache,
} from "../helpers/memory.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { NOW, pairAt, risingAt } from "../helpers/samples.ts";

const LIMIT = { timeout: 10_000 };
const DAY_MS = 24 * HOUR_MS;

/** One implementation of each port, on an empty store. */
interface Ports extends AsyncDisposable {
  readonly reader: SeriesReader;
  readonly writer: SeriesWriter;
  readonly cache: SummaryCache;
  /** Labels what is stored with another revision. */
  readonly raiseRevision: () => Promise<void>;
  readonly claims: Claims;
  readonly record: RefreshRecord;
  readonly marks: BackfillMarks;
}

function createInMemory(): Ports {
  const series = new MemorySeries(DAY_MS);
  const cache = new MemorySummaryCache();
  return {
    reader: series,
    writer: series,
    cache,
    raiseRevision: () => Promise.resolve(void cache.revision++),
    claims: new MemoryClaims(() => NOW),
    record: new MemoryRefreshRecord(),
    marks: new MemoryBackfillMarks(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function createOnRedis(): Promise<Ports> {
  const redis = await startTestRedis();
  const { client } = redis;
  const keys = keysBelow(redis.prefix);
  const revision = new Revision({ client, key: keys.revision, now: () => NOW });
  const series = { client, keys: keys.series, forwardNow: () => NOW };
  return {
    reader: new Series(series),
    writer: new RedisSeriesWriter({ ...series, revision, retentionMs: DAY_MS }),
    cache: new RedisSummaryCache(client, keys.cache, revision),
    raiseRevision: async () => void await client.incr(keys.revision),
    claims: new RedisClaims({ client, keys: keys.claims, clock: SYSTEM_CLOCK }),
    record: new RedisRefreshRecord(client, keys.refresh),
    marks: new RedisBackfillMarks(client, keys.backfilled),
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
}

const IMPLEMENTATIONS = [
  { where: "in memory", create: createInMemory },
  { where: "on Redis", create: createOnRedis },
];

/** Runs one test on every implementation. */
function testPorts(behaviour: string, test: (ports: Ports) => Promise<void>): void {
  Deno.test.each(IMPLEMENTATIONS)(`${behaviour} $where`, LIMIT, async ({ create }) => {
    await using ports = await create();
    await test(ports);
  });
}

testPorts("SeriesReader has nothing before the first sample", async ({ reader, writer }) => {
  const none = { price: undefined, sentiment: undefined };
  assertEquals([await reader.newest(), await reader.oldest()], [none, none]);
  await writer.create();
  assertEquals([await reader.newest(), await reader.oldest()], [none, none]);
  assertEquals(await reader.averages(0, HOUR_MS), { price: [], sentiment: [] });
});

testPorts("SeriesReader knows the newest and the oldest sample", async ({ reader, writer }) => {
  await writer.create();
  await writer.add([...pairAt(NOW), ...pairAt(NOW - 1), ...pairAt(NOW + 1).slice(0, 1)]);
  assertEquals(await reader.newest(), { price: NOW + 1, sentiment: NOW });
  assertEquals(await reader.oldest(), { price: NOW - 1, sentiment: NOW - 1 });
});

testPorts("SeriesReader reads the samples between two times", async ({ reader, writer }) => {
  assertEquals(await reader.samples("price", 0, NOW), []);
  await writer.create();
  await writer.add([-2, -1, 0, 1].flatMap((offset) => pairAt(NOW + offset, 100 + offset)));
  assertEquals(await reader.samples("price", NOW - 1, NOW), [
    { metric: "price", timestamp: NOW - 1, value: 99 },
    { metric: "price", timestamp: NOW, value: 100 },
  ]);
});

testPorts("SeriesReader averages buckets from a time on", async ({ reader, writer }) => {
  const hour = Date.UTC(2021, 6, 7, 12);
  await writer.create();
  const points = [[-1, 7], [0, 2], [1, 4], [HOUR_MS, 2.5]] as const;
  await writer.add(points.flatMap(([offset, price]) => pairAt(hour + offset, price, 0.5)));
  assertEquals(await reader.averages(hour, HOUR_MS), {
    price: [{ time: hour, value: 3 }, { time: hour + HOUR_MS, value: 2.5 }],
    sentiment: [{ time: hour, value: 0.5 }, { time: hour + HOUR_MS, value: 0.5 }],
  });
});

testPorts("SeriesWriter counts samples, and keeps a timestamp's first value", async (ports) => {
  const { reader, writer } = ports;
  await writer.create();
  const first = await writer.add([...pairAt(NOW, 1), ...pairAt(NOW, 2)]);
  const { revision = 0, ...counts } = first;
  assertEquals(counts, { stored: 2, duplicates: 2, rejected: 0, expired: 0 });
  const second = await writer.add([...pairAt(NOW, 3), ...pairAt(NOW + 1, 5)]);
  assertEquals(second, {
    stored: 2,
    duplicates: 2,
    rejected: 0,
    expired: 0,
    revision: revision + 1,
  });
  assertEquals((await reader.averages(NOW, 1)).price.map(({ value }) => value), [1, 5]);
});

testPorts("SeriesWriter has no revision when nothing is new", async ({ writer }) => {
  await writer.create();
  await writer.add(pairAt(NOW));
  const nothing = { stored: 0, rejected: 0, expired: 0 };
  assertEquals(await writer.add(pairAt(NOW)), { ...nothing, duplicates: 2 });
  assertEquals(await writer.add([]), { ...nothing, duplicates: 0 });
});

testPorts("SeriesWriter leaves out what is older than the retention", async (ports) => {
  const { reader, writer } = ports;
  await writer.create();
  // Both the newest stored sample and the newest of the batch count.
  const together = await writer.add([...pairAt(NOW - DAY_MS - 1), ...pairAt(NOW)]);
  assertEquals([together.stored, together.expired], [2, 2]);
  const later = await writer.add([...pairAt(NOW - DAY_MS - 1), ...pairAt(NOW - DAY_MS)]);
  assertEquals([later.stored, later.expired], [2, 2]);
  assertEquals((await reader.oldest()).price, NOW - DAY_MS);
});

testPorts("SummaryCache reads what was written with the current revision", async (ports) => {
  const { cache, raiseRevision } = ports;
  const { revision, summary } = await cache.read();
  assertEquals(summary, undefined);
  await cache.write(risingAt(revision));
  assertEquals(await cache.read(), { revision, summary: risingAt(revision) });
  await raiseRevision();
  assertEquals(await cache.read(), { revision: revision + 1, summary: undefined });
});

testPorts("SummaryCache replaces what is cached", async ({ cache }) => {
  const { revision } = await cache.read();
  await cache.write(risingAt(revision));
  await cache.write(risingAt(revision - 1));
  assertEquals((await cache.read()).summary, undefined);
});

testPorts("Claims let one of many have a name", async ({ claims }) => {
  const taken = await Promise.all(Array.from({ length: 10 }, () => claims.take("tick", 60_000)));
  assertEquals(taken.filter(Boolean).length, 1);
  assert(await claims.take("refresh", 60_000));
});

testPorts("Claims end at once when told so", async ({ claims }) => {
  const kept = await claims.take("refresh", 60_000);
  await kept?.endIn(50_000);
  assertEquals(await claims.take("refresh", 60_000), undefined);
  const ended = await claims.take("tick", 60_000);
  await ended?.endIn(0);
  assert(await claims.take("tick", 60_000));
});

testPorts("RefreshRecord keeps the last refresh", async ({ record }) => {
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

testPorts("BackfillMarks keep which metrics are done", async ({ marks }) => {
  assertEquals(await marks.read(), new Set());
  await marks.write(new Set(["sentiment"]));
  assertEquals(await marks.read(), new Set(["sentiment"]));
  await marks.write(new Set(["price", "sentiment"]));
  assertEquals(await marks.read(), new Set(["price", "sentiment"]));
});
