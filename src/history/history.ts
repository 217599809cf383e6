import type { Average } from "../samples/bucket.ts";
import { METRICS, type PerMetric } from "../samples/sample.ts";
import type { HistoryPoint } from "./wire.ts";

/** How far back from the newest sample a history goes, and in what steps. */
export interface HistorySpan {
  readonly hours: number;
  readonly bucketMs: number;
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
