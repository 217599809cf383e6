import type { Clock, SeriesReader } from "../core/ports.ts";
import { type Average, METRICS } from "../core/sample.ts";
import { HOUR_MS } from "../core/summary.ts";
import { NearCache } from "./near_cache.ts";

// As many spans are kept close by as people look at; the one asked for first goes first.
const MAX_KEPT_SPANS = 32;

/** Both metrics' averages over one bucket; `time` is its start, ISO 8601, UTC. */
export interface HistoryPoint {
  readonly time: string;
  readonly price: number | null;
  readonly sentiment: number | null;
}

/** The averages per bucket, oldest first; a bucket without any sample is left out. */
export interface History {
  readonly bucket_seconds: number;
  readonly points: readonly HistoryPoint[];
}

/** How far back from the newest sample a history goes, and in what steps. */
export interface HistorySpan {
  readonly hours: number;
  readonly bucketMs: number;
}

/** Reads histories, each span at most once a second however many ask for it. */
export class HistoryReader {
  readonly #series: SeriesReader;
  readonly #clock: Clock;
  readonly #kept = new Map<string, NearCache<History>>();

  constructor(series: SeriesReader, clock: Clock) {
    this.#series = series;
    this.#clock = clock;
  }

  /**
   * The history of a span.
   *
   * @throws {StoreError} when the series can't be read
   */
  get(span: HistorySpan): History | Promise<History> {
    const key = `${span.hours}/${span.bucketMs}`;
    const kept = this.#kept.get(key) ??
      new NearCache(() => readHistory(this.#series, span), this.#clock);
    this.#kept.set(key, kept);
    if (this.#kept.size > MAX_KEPT_SPANS) this.#forgetOldest();
    return kept.get();
  }

  #forgetOldest(): void {
    for (const key of this.#kept.keys()) return void this.#kept.delete(key);
  }
}

/** Reads the buckets of a span, the last being the one that holds the newest sample. */
export async function readHistory(series: SeriesReader, span: HistorySpan): Promise<History> {
  const { hours, bucketMs } = span;
  const newest = Object.values(await series.newest()).filter((time) => time !== undefined);
  const lastBucket = Math.floor(Math.max(...newest) / bucketMs) * bucketMs;
  const from = lastBucket - (Math.ceil(hours * HOUR_MS / bucketMs) - 1) * bucketMs;
  const points = newest.length === 0 ? [] : joinAverages(await series.averages(from, bucketMs));
  return { bucket_seconds: bucketMs / 1_000, points };
}

function joinAverages(
  averages: Record<typeof METRICS[number], readonly Average[]>,
): HistoryPoint[] {
  const rows = new Map<number, { price: number | null; sentiment: number | null }>();
  for (const metric of METRICS) {
    for (const { time, value } of averages[metric]) {
      rows.set(time, { ...rows.get(time) ?? { price: null, sentiment: null }, [metric]: value });
    }
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([time, row]) => ({ time: new Date(time).toISOString(), ...row }));
}
