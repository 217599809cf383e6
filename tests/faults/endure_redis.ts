import { assertEquals } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { startRedisServer } from "../helpers/redis_server.ts";
import * as toxics from "../helpers/toxics.ts";
import {
  assertFills,
  assertHealed,
  assertHeals,
  assertKept,
  assertRefused,
  assertServed,
  refreshFor,
  SERIES,
  startReaders,
  statusOf,
} from "./assertions.ts";
import { failOver, type RedisFault } from "./redis_faults.ts";
import { refresh, type Rig, startRig, warmUp } from "./rig.ts";

/** How long a fault lasts: longer than the near cache is fresh. */
const FAULT_MS = 1_200;

/** Redis can't be used when the process starts: reads are 503 in time, and it heals. */
export async function endureFromStart({ inflict, redisBounds }: RedisFault): Promise<void> {
  await using rig = await startRig({ harm: inflict, redisBounds });
  await endureWithoutSummary(rig);
  await assertHeals(rig);
}

/** The server at the start is one without time series; another takes its place. */
export async function endureNoTimeSeries(): Promise<void> {
  await using debian = await startRedisServer();
  await using rig = await startRig({ harm: (redis) => redis.target = debian.port });
  await endureWithoutSummary(rig);
  rig.redis.target = rig.store.port;
  rig.redis.cut();
  await assertHeals(rig);
}

/** A key of a series holds something else until somebody deletes it. */
export async function endureWrongType(): Promise<void> {
  const [key = ""] = SERIES;
  await using store = startEmbeddedRedis();
  using redis = await RespClient.connect(store.port);
  await redis.call("SET", key, "not a series");
  await using rig = await startRig({ harm: (redis) => redis.target = store.port });
  await endureWithoutSummary(rig);
  await redis.call("DEL", key);
  await assertHeals(rig);
}

/** Every reply is in time, yet a reading's replies together would not be. */
export async function endureSlowStart(): Promise<void> {
  await using rig = await startRig({ harm: (redis) => redis.toxic = toxics.latency(900) });
  const readers = startReaders(rig);
  await eventually(() => readers.tally.unavailable > 1);
  assertKept(await readers.stop());
  await assertHeals(rig);
}

async function endureWithoutSummary(rig: Rig): Promise<void> {
  assertEquals(await statusOf(`${rig.url}/healthz`), 200);
  const readers = startReaders(rig);
  const tried = await refreshFor(rig, FAULT_MS);
  assertEquals(await statusOf(`${rig.url}/readyz`), 503);
  const tally = await readers.stop();
  assertKept(tally);
  assertEquals(tally.summaries, 0);
  assertRefused(tried, 503);
}

/** Redis can't be used later: the last summary is served, refreshes are refused, and it heals. */
export async function endureLater(fault: RedisFault): Promise<void> {
  await using rig = await startRig(fault);
  await warmUp(rig);
  const readers = startReaders(rig);
  await fault.inflict(rig.redis);
  rig.feed.advance();
  const tried = await refreshFor(rig, FAULT_MS);
  await assertHeals(rig);
  assertServed(await readers.stop());
  assertRefused(tried, fault.refresh);
}

/** The fault does not end for the open connection: the service must open another. */
export async function endureFailover(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  const readers = startReaders(rig);
  failOver(rig.redis);
  rig.feed.advance();
  const start = performance.now();
  await eventually(async () => (await refresh(rig.url)).status === 200);
  assertHealed(start);
  await assertHeals(rig);
  assertServed(await readers.stop());
}

/** Another, empty server takes the place of the old one: it is filled without a request. */
export async function endureRestart(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  const readers = startReaders(rig);
  await using empty = startEmbeddedRedis();
  rig.redis.target = empty.port;
  rig.feed.advance();
  rig.redis.cut();
  await assertFills(rig, empty.port);
  assertServed(await readers.stop());
}

/** The connection stays, the data is gone: the next refresh fills it. */
export async function endureFlush(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  const readers = startReaders(rig);
  using redis = await RespClient.connect(rig.store.port);
  await redis.call("FLUSHALL");
  rig.feed.advance();
  assertEquals((await refresh(rig.url)).status, 200);
  await assertFills(rig, rig.store.port);
  assertServed(await readers.stop());
}
