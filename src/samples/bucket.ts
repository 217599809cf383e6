import type { PerMetric } from "./sample.ts";

/** The average of a series over one bucket; `time` is the bucket's start in Unix milliseconds. */
export interface Average {
  readonly time: number;
  readonly value: number;
}

/** One minute, in milliseconds. */
export const MINUTE_MS = 60_000;

/** One hour, in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;

/** One day, in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/** Both metrics' averages over the same bucket; `time` is its start in Unix milliseconds. */
export interface PairedAverage {
  readonly time: number;
  readonly price: number;
  readonly sentiment: number;
}

/** The start of the clock hour (UTC) that holds `timestamp`, in Unix milliseconds. */
export function startOfHour(timestamp: number): number {
  return Math.floor(timestamp / HOUR_MS) * HOUR_MS;
}

/** Pairs averages by their time, oldest first; a time that one metric lacks is left out. */
export function pairAverages(averages: PerMetric<readonly Average[]>): PairedAverage[] {
  const sentiments = new Map(averages.sentiment.map(({ time, value }) => [time, value]));
  return averages.price
    .flatMap(({ time, value: price }) => {
      const sentiment = sentiments.get(time);
      return sentiment === undefined ? [] : [{ time, price, sentiment }];
    })
    .sort((a, b) => a.time - b.time);
}

/** The middle value, or the mean of the two middle ones; nothing when there are no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = Float64Array.from(values).sort();
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
