import { assert, assertEquals } from "@std/assert";
import { serveSimulatedSentiCrypt, simulateRows } from "../../dev/senticrypt.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { createSimulated } from "../../src/feeds/senticrypt.ts";
import { computeSummary } from "../../src/summary/load.ts";
import { createTestClock } from "../helpers/clock.ts";
import { feedOptions, fetchBatch } from "../helpers/feeds.ts";
import { NOW } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const TIME_LIMIT = { timeout: 10_000 };

const MIDNIGHT = Date.UTC(2026, 0, 2);

Deno.test("simulateRows() returns a day of rows every 30 s, oldest first", TIME_LIMIT, () => {
  const rows = simulateRows(MIDNIGHT + 12_345);
  assertEquals(rows.length, 2_880);
  assertEquals(rows.at(-1)?.timestamp, MIDNIGHT / 1_000);
  assert(rows.every(({ timestamp }, i) => timestamp === MIDNIGHT / 1_000 - (2_879 - i) * 30));
});

Deno.test("simulateRows() returns the same row for the same time", TIME_LIMIT, () => {
  const earlier = simulateRows(MIDNIGHT);
  const later = simulateRows(MIDNIGHT + HOUR_MS);
  assertEquals(later.slice(0, -120), earlier.slice(120));
});

Deno.test("the simulated feed shows every answer within a day", TIME_LIMIT, async () => {
  const seen = new Set<string>();
  for (let hour = 0; hour < 24; hour++) {
    const now = MIDNIGHT + hour * HOUR_MS + HOUR_MS / 2;
    await using server = serveSimulatedSentiCrypt(() => now);
    const feed = createSimulated(feedOptions({ sentimentApiUrl: server.url, now: () => now }));
    const { samples, rejected } = await fetchBatch(feed, now);
    await using store = await createTestStore({ clock: createTestClock(now - NOW) });
    await store.writer.add(samples.filter(({ timestamp }) => timestamp > now - 4 * HOUR_MS));
    const summary = await computeSummary(store.series);
    assertEquals([rejected, summary.hourly_average_of_averages.length], [0, 3]);
    seen.add(summary.price_direction).add(summary.sentiment_direction);
    seen.add(
      `lit ${summary.price_direction === "rising" && summary.sentiment_direction === "rising"}`,
    );
  }
  assertEquals([...seen].sort(), ["falling", "flat", "lit false", "lit true", "rising"]);
});
