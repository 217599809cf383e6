import { type Average, DAY_MS, HOUR_MS, MINUTE_MS } from "../samples/bucket.ts";
import { METRICS, type PerMetric } from "../samples/sample.ts";
import type { HistoryPoint } from "./wire.ts";

/** The most points that a history may have. */
export const MAX_POINTS = 2_000;

/** The buckets to choose from unless a client says which, in milliseconds. */
export const DEFAULT_BUCKETS_MS: readonly number[] = [
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
];

/**
 * What a history covers: the last hours up to the newest sample, or what lies between two times (Unix
 * ms, `to` exclusive), widened to whole buckets. Without `to` it goes on to the newest sample, and its
 * bucket may depend on that.
 */
export type HistorySpan =
  | { readonly hours: number; readonly bucketMs: number }
  | { readonly from: number; readonly to: number; readonly bucketMs: number }
  | { readonly from: number; readonly to?: undefined; readonly bucketMs: number | undefined };

/** Whole buckets, from the start of the first to the end of the last (Unix ms). */
export interface Buckets {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
}

/** Widens a span to whole buckets. */
export function widen({ from, to }: Omit<Buckets, "bucketMs">, bucketMs: number): Buckets {
  return {
    from: Math.floor(from / bucketMs) * bucketMs,
    to: Math.ceil(to / bucketMs) * bucketMs,
    bucketMs,
  };
}

/** How many buckets a span has once it is widened. */
export function countBuckets(span: Omit<Buckets, "bucketMs">, bucketMs: number): number {
  const { from, to } = widen(span, bucketMs);
  return (to - from) / bucketMs;
}

/** The buckets of the last hours; the last one holds `newest` (Unix ms). */
export function lastBuckets(hours: number, newest: number, bucketMs: number): Buckets {
  const { to } = widen({ from: newest, to: newest + 1 }, bucketMs);
  return { from: to - Math.ceil(hours * HOUR_MS / bucketMs) * bucketMs, to, bucketMs };
}

/** Joins both metrics' averages by bucket, oldest first; `null` where a bucket lacks a metric. */
export function joinAverages(averages: PerMetric<readonly Average[]>): HistoryPoint[] {
  const rows = new Map<number, { price: number | null; sentiment: number | null }>();
  for (const metric of METRICS) {
    for (const { time, value } of averages[metric]) {
      const row = rows.get(time) ?? { price: null, sentiment: null };
      row[metric] = value;
      rows.set(time, row);
    }
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([time, { price, sentiment }]) => ({
      time: new Date(time).toISOString(),
      price,
      sentiment,
    }));
}

/** The columns of a history as CSV. */
const HEADER = ["time", "price", "sentiment"] as const;

// RFC 4180 ends every line so, whatever the system.
const LINE_END = "\r\n";

/** Renders rows as CSV (RFC 4180). No value needs quotes: there are only times and numbers. */
export function toCsv(rows: readonly HistoryPoint[]): string {
  const lines = rows.map((row) => HEADER.map((column) => row[column] ?? "").join(","));
  return [HEADER.join(","), ...lines, ""].join(LINE_END);
}
