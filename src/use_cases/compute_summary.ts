import { NoDataError } from "../core/errors.ts";
import type { SeriesReader } from "../core/ports.ts";
import { METRICS, type PerMetric } from "../core/sample.ts";
import {
  HOUR_MS,
  pairAverages,
  type PairedAverage,
  startOfHour,
  startOfWindow,
  summarize,
  type Summary,
} from "../core/summary.ts";

const DAY_MS = 24 * HOUR_MS;

/**
 * Computes the summary from the series.
 *
 * @throws {NoDataError} when no hour has samples of both metrics
 * @throws {StoreError} when the series can't be read
 */
export async function computeSummary(series: SeriesReader): Promise<Summary> {
  const { price, sentiment } = await series.newest();
  if (price === undefined || sentiment === undefined) {
    throw new NoDataError(describeMissing({ price, sentiment }));
  }
  const asOf = Math.min(price, sentiment);
  const summary = summarize(await findWindow(series, asOf), asOf);
  if (summary === undefined) {
    throw new NoDataError("No hour has samples of both price and sentiment yet");
  }
  return summary;
}

/**
 * Reads the hours of the window. One read is enough unless a metric has a gap where the window
 * should end; then each further read goes back eight times as far.
 */
async function findWindow(series: SeriesReader, asOf: number): Promise<PairedAverage[]> {
  let from = startOfWindow(startOfHour(asOf));
  for (let reach = DAY_MS;; reach *= 8) {
    const hours = pairAverages(await series.averages(from, HOUR_MS));
    const newest = hours.at(-1);
    const start = newest === undefined ? asOf - reach : startOfWindow(newest.time);
    if (from === 0 || (newest !== undefined && start >= from)) return hours;
    from = Math.max(0, startOfHour(start));
  }
}

function describeMissing(newest: PerMetric<number | undefined>): string {
  const missing = METRICS.filter((metric) => newest[metric] === undefined);
  return `There are no samples of ${missing.join(" and ")} yet`;
}
