import type { Redis } from "ioredis";
import { keysBelow } from "../src/redis/keys.ts";
import { Series } from "../src/redis/series.ts";
import { computeSummary } from "../src/summary/load.ts";
import {
  type Bench,
  inRounds,
  type Measure,
  refresh,
  startWarmService,
  timed,
} from "./harness/bench.ts";
import { type FeedSample, ROW_MS } from "./harness/feed.ts";
import type { Finding } from "./harness/finding.ts";
import { median } from "./harness/statistics.ts";
import { addBare, resetSeries } from "./harness/store.ts";

const FEW_SAMPLES = 3_000;
const SUMMARIES_PER_ROUND = 50;
const REFRESHES_PER_ROUND = 5;

interface Compared {
  readonly long: string;
  readonly short: string;
}

/** Whether a long history slows down summary and refresh. */
export const scale: Measure = { name: "scale", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const { pace } = bench;
  const prefixes = { long: bench.store.newPrefix(), short: bench.store.newPrefix() };
  await fillHistory(bench, prefixes.long, pace.samplesPerSeries);
  await fillHistory(bench, prefixes.short, FEW_SAMPLES);
  const counts = `${pace.samplesPerSeries.toLocaleString("en")} samples per series against 3,000`;
  return [
    {
      what: `summary latency, ${counts}`,
      values: await compareSummaries(bench, prefixes),
      unit: "×",
      budget: { atMost: 1.1 },
    },
    {
      what: `refresh latency, ${counts}`,
      values: await compareRefreshes(bench, prefixes),
      unit: "×",
      budget: { atMost: 1.5 },
    },
  ];
}

/** Stores a history without gaps before the feed's day. */
async function fillHistory({ store, feed }: Bench, prefix: string, count: number): Promise<void> {
  const keys = await resetSeries(store.client, prefix);
  const oldest = feed.samples[0]?.timestamp ?? 0;
  const history = Array.from({ length: count - feed.samples.length }, (_, i): FeedSample => ({
    timestamp: oldest - (i + 1) * ROW_MS,
    price: 60_000 + i % 1_000,
    sentiment: (i % 100) / 100,
  }));
  await addBare(store.client, keys, [...history.reverse(), ...feed.samples]);
}

/** How long a reader waits on a cold cache; HTTP is left out, since it is the same for both. */
async function compareSummaries(
  { store: { client }, pace }: Bench,
  prefixes: Compared,
): Promise<number[]> {
  const long = openSeries(client, prefixes.long);
  const short = openSeries(client, prefixes.short);
  const results = await inRounds(pace.rounds * SUMMARIES_PER_ROUND, async () => ({
    long: await timed(() => computeSummary(long)),
    short: await timed(() => computeSummary(short)),
  }));
  return perRound(results, pace.rounds);
}

/** A whole `POST /refresh` that stores two new rows. */
async function compareRefreshes(bench: Bench, prefixes: Compared): Promise<number[]> {
  await using long = await startWarmService(bench, prefixes.long);
  await using short = await startWarmService(bench, prefixes.short);
  const results = await inRounds(bench.pace.rounds * REFRESHES_PER_ROUND, async () => {
    bench.feed.advance(2);
    return { long: await timed(() => refresh(long)), short: await timed(() => refresh(short)) };
  });
  return perRound(results, bench.pace.rounds);
}

/** One ratio of medians per round: single latencies vary too much to be compared. */
function perRound(results: readonly Record<keyof Compared, number>[], rounds: number): number[] {
  const size = results.length / rounds;
  return Array.from({ length: rounds }, (_, round) => {
    const ofRound = results.slice(round * size, (round + 1) * size);
    return median(ofRound.map(({ long }) => long)) / median(ofRound.map(({ short }) => short));
  });
}

function openSeries(client: Redis, prefix: string): Series {
  return new Series({ client, keys: keysBelow(prefix).series, forwardNow: Date.now });
}
