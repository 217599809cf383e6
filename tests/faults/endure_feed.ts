import { assertEquals } from "@std/assert";
import { assertHeals, assertServed, startReaders } from "./assertions.ts";
import type { FeedFault } from "./feed_faults.ts";
import type { Lane } from "./lane.ts";
import { read, refresh } from "./rig.ts";

/** The feed fails: what is stored and answered stays untouched. */
export async function endureFeed({ inflict, refresh: end }: FeedFault, lane: Lane): Promise<void> {
  const rig = await lane.rig();
  const readers = startReaders(rig);
  await inflict(rig.feed, rig.feedLink);
  rig.feed.advance();
  const { status, type } = await refresh(rig.url);
  assertEquals(`${status} ${type}`, end);
  await assertHeals(rig);
  assertServed(await readers.stop());
}

/** Good rows among bad ones are stored. */
export async function endureHalfBadRows(lane: Lane): Promise<void> {
  const rig = await lane.rig();
  rig.feed.advance();
  const good = await rig.feed.answer().json();
  rig.feed.respond = () => Response.json([null, ...good, { ...good[0], mean: "high" }, {}]);
  assertEquals((await refresh(rig.url)).status, 200);
  await assertHeals(rig);
}

/** Rows from the future, or with a time in the wrong unit, are rejected and move nothing. */
export async function endureFutureRows(lane: Lane): Promise<void> {
  const rig = await lane.rig();
  const [known] = await rig.feed.answer().json();
  const times = [Date.now() / 1_000 + 600, Date.now(), known.timestamp * 1_000];
  rig.feed.respond = () =>
    Response.json([known, ...times.map((timestamp) => ({ ...known, timestamp }))]);
  const report = await (await fetch(`${rig.url}/refresh`, { method: "POST" })).json();
  assertEquals([report.rejected, report.stored, report.duplicates], [6, 0, 2]);
  assertEquals(await read(rig.url), rig.feed.summary);
  await assertHeals(rig);
}
