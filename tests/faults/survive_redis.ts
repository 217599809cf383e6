import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { assertWithin } from "../helpers/bystander.ts";
import { eventually } from "../helpers/eventually.ts";
import { readProblem } from "../helpers/problems.ts";
import { startRedisServer } from "../helpers/redis_server.ts";
import * as toxics from "../helpers/toxics.ts";
import {
  assertFills,
  assertHeals,
  assertKept,
  assertRefused,
  assertServed,
  HEALED_MS,
  refreshFor,
  SERIES,
  startReaders,
  statusOf,
} from "./assertions.ts";
import { failOver, type RedisFault } from "./redis_faults.ts";
import { PREFIX, read, refresh, startTestbed, type Testbed, warmUp } from "./testbed.ts";

/** How long a fault lasts: longer than the near cache is fresh. */
const FAULT_MS = 1_200;

/** Redis can't be used when the process starts: reads are 503 in time, and it heals. */
export async function surviveFromStart({ inflict, redisBounds }: RedisFault): Promise<void> {
  await using testbed = await startTestbed({ beforeStart: inflict, redisBounds });
  await surviveWithoutSummary(testbed);
  await assertHeals(testbed);
}

/** The server at the start is one without time series; another takes its place. */
export async function surviveNoTimeSeries(): Promise<void> {
  await using debian = await startRedisServer();
  await using testbed = await startTestbed({ beforeStart: (redis) => redis.target = debian.port });
  await surviveWithoutSummary(testbed);
  testbed.redis.target = testbed.store.port;
  testbed.redis.cut();
  await assertHeals(testbed);
}

/** A key of a series holds something else until an operator deletes it. */
export async function surviveWrongType(): Promise<void> {
  const [key = ""] = SERIES;
  await using store = startEmbeddedRedis();
  using redis = await RespClient.connect(store.port);
  await redis.call("SET", key, "not a series");
  await using testbed = await startTestbed({ beforeStart: (redis) => redis.target = store.port });
  await surviveWithoutSummary(testbed);
  await redis.call("DEL", key);
  await assertHeals(testbed);
}

/** Each reply is in time, but all replies of one read together are not. */
export async function surviveSlowStart(): Promise<void> {
  await using testbed = await startTestbed({
    beforeStart: (redis) => redis.toxic = toxics.latency(900),
  });
  const readers = startReaders(testbed);
  await eventually(() => readers.tally.unavailable > 1);
  assertKept(await readers.stop());
  await assertHeals(testbed);
}

async function surviveWithoutSummary(testbed: Testbed): Promise<void> {
  assertEquals(await statusOf(`${testbed.url}/healthz`), 200);
  const readers = startReaders(testbed);
  const tried = await refreshFor(testbed, FAULT_MS);
  assertEquals(await statusOf(`${testbed.url}/readyz`), 503);
  const tally = await readers.stop();
  assertKept(tally);
  assertEquals(tally.summaries, 0);
  assertRefused(tried, 503);
}

/** Redis can't be used later: the last summary is served, refreshes are refused, and it heals. */
export async function surviveLater(fault: RedisFault): Promise<void> {
  await using testbed = await startTestbed(fault);
  await warmUp(testbed);
  const readers = startReaders(testbed);
  await fault.inflict(testbed.redis);
  testbed.feed.advance();
  const tried = await refreshFor(testbed, FAULT_MS);
  await assertHeals(testbed);
  assertServed(await readers.stop());
  assertRefused(tried, fault.refresh);
}

/** The fault does not end for the open connection: the service must open another. */
export async function surviveFailover(): Promise<void> {
  await using testbed = await startTestbed();
  await warmUp(testbed);
  const readers = startReaders(testbed);
  failOver(testbed.redis);
  testbed.feed.advance();
  await assertWithin(
    HEALED_MS,
    () => eventually(async () => (await refresh(testbed.url)).status === 200),
  );
  await assertHeals(testbed);
  assertServed(await readers.stop());
}

/** Another, empty server takes the place of the old one: it is filled without a request. */
export async function surviveRestart(): Promise<void> {
  await using testbed = await startTestbed();
  await warmUp(testbed);
  const readers = startReaders(testbed);
  await using empty = startEmbeddedRedis();
  testbed.redis.target = empty.port;
  testbed.feed.advance();
  testbed.redis.cut();
  await assertFills(testbed, empty.port);
  assertServed(await readers.stop());
}

/** The connection stays, the data is gone: the next refresh fills it. */
export async function surviveFlush(): Promise<void> {
  await using testbed = await startTestbed();
  await warmUp(testbed);
  const readers = startReaders(testbed);
  using redis = await RespClient.connect(testbed.store.port);
  await redis.call("FLUSHALL");
  testbed.feed.advance();
  assertEquals((await refresh(testbed.url)).status, 200);
  await assertFills(testbed, testbed.store.port);
  assertServed(await readers.stop());
}

/** A series has NaN among its values and after them: the answers are those without them. */
export async function surviveNaN(): Promise<void> {
  await using testbed = await startTestbed();
  const { url, feed, store } = testbed;
  await warmUp(testbed);
  using redis = await RespClient.connect(store.port);
  for (const key of SERIES) {
    for (const ms of [-1, 10_000]) await redis.call("TS.ADD", key, `${feed.newest + ms}`, "nan");
  }
  await redis.call("DEL", `${PREFIX}:cache`);
  feed.advance();
  assertEquals((await refresh(url)).status, 200);
  await eventually(async () => await read(url) === feed.summary);
  for (const path of ["/readyz", "/history", "/history.csv", "/track-record"]) {
    assertEquals([path, await statusOf(url + path)], [path, 200]);
  }
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert(/values_left_out_total\{metric="price"\} [1-9]/.test(metrics), "nothing was counted");
}

/** Redis hides all samples behind one far ahead: the last summary stays until it is deleted. */
export async function surviveHidingSample(timestamp: number): Promise<void> {
  await using testbed = await startTestbed();
  const { url, feed, store, service } = testbed;
  await warmUp(testbed);
  const readers = startReaders(testbed);
  using redis = await RespClient.connect(store.port);
  const [key = ""] = SERIES;
  await redis.call("TS.ADD", key, String(timestamp), "34500");
  feed.advance();
  assertRefused(await refreshFor(testbed, FAULT_MS), 503);
  const { detail } = await readProblem(await fetch(`${url}/readyz`));
  const words = ["TS.DEL", key, String(timestamp), String(timestamp)];
  assertStringIncludes(detail, `${key} has a sample at ${timestamp}`);
  assertStringIncludes(detail, words.join(" "));
  const logged = service.log.lines.map(({ fields }) => String(fields.error));
  assert(logged.some((text) => text.includes(words.join(" "))), "the log does not say what to do");
  assertEquals(await statusOf(`${url}/history`), 503);
  assertEquals(await redis.call(...words), ":1\r\n");
  await assertHeals(testbed);
  assertServed(await readers.stop());
}
