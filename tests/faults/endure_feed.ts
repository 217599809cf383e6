import { assertEquals } from "@std/assert";
import { assertHeals, assertServed, startReaders } from "./assertions.ts";
import type { FeedFault } from "./feed_faults.ts";
import { read, refresh, startRig, warmUp } from "./rig.ts";

/** The feed fails: what is stored and answered stays untouched. */
export async function endureFeed(fault: FeedFault): Promise<void> {
  await using rig = await startRig(fault);
  await warmUp(rig);
  const readers = startReaders(rig);
  await fault.inflict(rig.feed, rig.feedLink);
  rig.feed.advance();
  const { status, problem } = await refresh(rig.url);
  assertEquals(`${status} ${problem}`, fault.refresh);
  await assertHeals(rig);
  assertServed(await readers.stop());
}

/** Good rows among bad ones are stored. */
export async function endureHalfBadRows(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  rig.feed.advance();
  const good = await rig.feed.answer().json();
  rig.feed.respond = () => Response.json([null, ...good, { ...good[0], mean: "high" }, {}]);
  assertEquals((await refresh(rig.url)).status, 200);
  await assertHeals(rig);
}

/** Rows from the future, or with a time in the wrong unit, are rejected and move nothing. */
export async function endureFutureRows(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  const [known] = await rig.feed.answer().json();
  const times = [Date.now() / 1_000 + 600, Date.now(), known.timestamp * 1_000];
  rig.feed.respond = () =>
    Response.json([known, ...times.map((timestamp) => ({ ...known, timestamp }))]);
  const report = await (await fetch(`${rig.url}/refresh`, { method: "POST" })).json();
  assertEquals([report.rejected, report.stored, report.duplicates], [6, 0, 2]);
  assertEquals(await read(rig.url), rig.feed.summary);
  await assertHeals(rig);
}
