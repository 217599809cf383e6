import { assertEquals } from "@std/assert";
import { assertHeals, assertServed, startReaders } from "./assertions.ts";
import type { FeedFault } from "./feed_faults.ts";
import { PATIENT } from "../helpers/redis.ts";
import { read, refresh, startTestbed, warmUp } from "./testbed.ts";

/** The feed fails: what is stored and answered stays untouched. */
export async function surviveFeed(fault: FeedFault): Promise<void> {
  await using testbed = await startTestbed({ ...fault, redisBounds: PATIENT });
  await warmUp(testbed);
  const readers = startReaders(testbed);
  await fault.inflict(testbed.feed, testbed.feedLink);
  testbed.feed.advance();
  const { status, problem } = await refresh(testbed.url);
  assertEquals(`${status} ${problem}`, fault.refresh);
  await assertHeals(testbed);
  assertServed(await readers.stop());
}

/** Good rows among bad ones are stored. */
export async function surviveHalfBadRows(): Promise<void> {
  await using testbed = await startTestbed({ redisBounds: PATIENT });
  await warmUp(testbed);
  testbed.feed.advance();
  const good = await testbed.feed.answer().json();
  testbed.feed.respond = () => Response.json([null, ...good, { ...good[0], mean: "high" }, {}]);
  assertEquals((await refresh(testbed.url)).status, 200);
  await assertHeals(testbed);
}

/** Rows from the future, or with a time in the wrong unit, are rejected and move nothing. */
export async function surviveFutureRows(): Promise<void> {
  await using testbed = await startTestbed({ redisBounds: PATIENT });
  await warmUp(testbed);
  const [known] = await testbed.feed.answer().json();
  const times = [Date.now() / 1_000 + 600, Date.now(), known.timestamp * 1_000];
  testbed.feed.respond = () =>
    Response.json([known, ...times.map((timestamp) => ({ ...known, timestamp }))]);
  const report = await (await fetch(`${testbed.url}/refresh`, { method: "POST" })).json();
  assertEquals([report.rejected, report.stored, report.duplicates], [6, 0, 2]);
  assertEquals(await read(testbed.url), testbed.feed.summary);
  await assertHeals(testbed);
}
