import { type Average, HOUR_MS } from "../../src/samples/bucket.ts";
import type { PerMetric } from "../../src/samples/sample.ts";

/** One value per hour; null for an hour without samples. */
export type HourlyTable = PerMetric<readonly (number | null)[]>;

/** The averages of a table whose first hour starts at `start`, in Unix milliseconds. */
export function averagesFrom(
  start: number,
  { price, sentiment }: HourlyTable,
): PerMetric<Average[]> {
  return { price: listFrom(start, price), sentiment: listFrom(start, sentiment) };
}

function listFrom(start: number, values: readonly (number | null)[]): Average[] {
  return values.flatMap((value, i) => value === null ? [] : [{ time: start + i * HOUR_MS, value }]);
}
