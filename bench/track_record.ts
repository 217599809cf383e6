import type { Redis } from "ioredis";
import { keysBelow } from "../src/redis/keys.ts";
import { Series } from "../src/redis/series.ts";
import { TrackRecordReader } from "../src/track_record/reader.ts";
import { type Bench, inRounds, type Measure, timed } from "./harness/bench.ts";
import type { FeedSample } from "./harness/feed.ts";
import { type Finding, unjudged } from "./harness/finding.ts";
import { addBare, resetSeries } from "./harness/store.ts";

const DAYS = 365;
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** When the year ends: in the middle of an hour. */
const AS_OF = Date.UTC(2026, 0, 1, 12, 30);

/** How long readers of the track record wait once per hour, with a year of minutes in the series. */
export const trackRecord: Measure = { name: "track-record", measure };

async function measure({ store, pace }: Bench): Promise<Finding[]> {
  const prefix = store.newPrefix();
  await addBare(store.client, await resetSeries(store.client, prefix), simulateYear());
  const values = await inRounds(3 * pace.rounds, async () => {
    const reader = openReader(store.client, prefix);
    const first = await timed(async () => await reader.get(DAYS));
    const again = await timed(async () => await reader.get(30));
    return { first, again };
  });
  const reason = store.isEmbedded && "embedded server";
  return [
    unjudged({
      what: "track record over a year of minutes, read and computed",
      values: values.map(({ first }) => first),
      unit: "ms",
      budget: { atMost: 100 },
    }, reason),
    {
      what: "track record of another period, computed from what was read",
      values: values.map(({ again }) => again),
      unit: "ms",
    },
  ];
}

/** A year of minutes, both metrics moving so that hours are lit again and again. */
function simulateYear(): FeedSample[] {
  const minutes = DAYS * DAY_MS / MINUTE_MS;
  return Array.from({ length: minutes }, (_, i) => ({
    timestamp: AS_OF - (minutes - 1 - i) * MINUTE_MS,
    price: 60_000 + 1_000 * Math.sin(i / 300) + 300 * Math.sin(i / 97),
    sentiment: (Math.sin(i / 210) + Math.sin(i / 61)) / 2,
  }));
}

/** A reader that has read nothing yet, as in a process that has just started. */
function openReader(client: Redis, prefix: string): TrackRecordReader {
  const retentionMs = DAYS * DAY_MS;
  return new TrackRecordReader({
    series: new Series({ client, keys: keysBelow(prefix).series, forwardNow: () => AS_OF }),
    asOf: () => AS_OF,
    feed: "bench",
    retentionMs,
    background: { run: (_, task) => void task() },
    clock: { now: () => AS_OF, elapsed: () => performance.now() },
  });
}
