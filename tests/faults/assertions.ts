import { assert, assertEquals } from "@std/assert";
import { RespClient } from "../dev/redis/resp_client.ts";
import { assertWithin } from "../helpers/bystander.ts";
import { eventually } from "../helpers/eventually.ts";
import { PROMISED_MS, Readers, type Tally } from "../helpers/readers.ts";
import { PREFIX, read, refresh, type Refreshed, type Testbed } from "./testbed.ts";

/** How long healing takes at most. */
export const HEALED_MS = 5_000;
const REFRESH_PAUSE_MS = 50;
const READERS = 2;

/** Connections of one process to Redis: for commands, and for announcements. */
const REDIS_CONNECTIONS = 2;

/** The keys of the series. */
export const SERIES = ["price", "sentiment"].map((metric) => `${PREFIX}:${metric}:mean:30s`);

/** Starts clients that read, and know which answers are true. */
export function startReaders({ url, feed }: Testbed): Readers {
  return new Readers({ url, truth: feed.truth, readers: READERS });
}

/** Refreshes again and again for `ms` milliseconds. */
export async function refreshFor({ url }: Testbed, ms: number): Promise<Refreshed[]> {
  const end = performance.now() + ms;
  const tried = [];
  while (performance.now() < end) {
    tried.push(await refresh(url));
    await new Promise((resolve) => setTimeout(resolve, REFRESH_PAUSE_MS));
  }
  return tried;
}

/** Ends every fault of the feed and of the links. */
export async function endFaults(
  { redis, feedLink, feed }: Pick<Testbed, "redis" | "feedLink" | "feed">,
): Promise<void> {
  feed.respond = () => feed.answer();
  for (const link of [redis, feedLink]) {
    link.toxic = undefined;
    await link.up();
  }
}

/** Ends every fault; the service must heal in time, without a restart and a connection left over. */
export async function assertHeals({ url, redis, feedLink, feed }: Testbed): Promise<void> {
  await endFaults({ redis, feedLink, feed });
  await assertWithin(HEALED_MS, async () => {
    await eventually(async () => {
      const { status, isReplayed } = await refresh(url);
      return status === 200 && !isReplayed;
    });
    await eventually(async () => await read(url) === feed.summary);
  });
  // For a second, `/readyz` answers with its last result.
  await eventually(async () => await statusOf(`${url}/readyz`) === 200);
  await eventually(() => redis.open <= REDIS_CONNECTIONS && feedLink.open <= 1);
}

/** The status of an answer. */
export async function statusOf(url: string, init?: RequestInit): Promise<number> {
  const { status, body } = await fetch(url, init);
  await body?.cancel();
  return status;
}

/** Waits until the series in the Redis at a port have all rows of the feed. */
export async function assertFills(testbed: Testbed, port: number): Promise<void> {
  using redis = await RespClient.connect(port);
  await assertWithin(HEALED_MS, async () => {
    for (const key of SERIES) {
      await eventually(async () =>
        (await redis.call("TS.RANGE", key, "-", "+")).startsWith(`*${testbed.feed.size}\r\n`)
      );
    }
  });
  await eventually(async () => await read(testbed.url) === testbed.feed.summary);
}

/** No answer was wrong or late. */
export function assertKept({ wrong, slowestMs }: Tally): void {
  assertEquals(wrong, []);
  assert(slowestMs < PROMISED_MS, `an answer took ${slowestMs} ms`);
}

/** Every answer was a summary. */
export function assertServed(tally: Tally): void {
  assertKept(tally);
  assertEquals(tally.unavailable, 0);
}

/** Every refresh ended in time and as expected. */
export function assertRefused(
  tried: readonly Refreshed[],
  expected: number,
): void {
  assertEquals(tried.filter(({ status }) => status !== expected), []);
  const slowestMs = Math.max(...tried.map(({ ms }) => ms));
  assert(slowestMs < PROMISED_MS, `a refresh took ${slowestMs} ms`);
}
