import type { Background } from "../http/background.ts";
import { withStoreDeadline } from "../redis/command.ts";
import type { Series } from "../redis/series.ts";
import {
  DAY_MS,
  HOUR_MS,
  pairAverages,
  type PairedAverage,
  startOfHour,
} from "../samples/bucket.ts";
import { METRICS, type PerMetric } from "../samples/sample.ts";
import type { SummaryCache } from "./cache.ts";
import { liesAhead, startOfWindow, summarize } from "./summary.ts";
import type { RevisedSummary, Summary } from "./wire.ts";

/** No hour has samples of both metrics yet. */
export class NoDataError extends Error {
  override readonly name = "NoDataError";
}

/** What a summary is computed from. */
export type SummarySeries = Pick<Series, "newest" | "averages">;

/**
 * Computes the summary from the series.
 *
 * @throws {NoDataError} when no hour has samples of both metrics
 * @throws {StoreError} when the series can't be read
 */
export async function computeSummary(series: SummarySeries): Promise<Summary> {
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
async function findWindow(series: SummarySeries, asOf: number): Promise<PairedAverage[]> {
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

/** What loading the summary needs. */
export interface LoadSummaryOptions {
  series: SummarySeries;
  cache: Pick<SummaryCache, "read" | "write">;
  /** Reads why the sources failed that failed last. */
  readFailures: () => Promise<readonly string[]>;
  background: Background;
  /** Unix ms that never step back: what a cached summary is compared with. */
  forwardNow: () => number;
  /** Is called with the layer that had the summary. */
  onRead: (layer: "cache" | "series") => void;
  /** How long the store may take, in milliseconds. @default 2_000 */
  deadlineMs?: number;
}

/**
 * Loads the summary from the cache, else from the series; then it is cached after the answer.
 *
 * @throws {NoDataError} when no hour has samples of both metrics
 * @throws {StoreError} when the store cannot be read in time
 */
export function loadSummary(options: LoadSummaryOptions): Promise<RevisedSummary> {
  return withStoreDeadline(readThrough(options), options.deadlineMs);
}

async function readThrough(options: LoadSummaryOptions): Promise<RevisedSummary> {
  const { series, cache, readFailures, background, forwardNow, onRead } = options;
  // The revision is read before the series: the other way round, it could label what is older.
  const { revision, summary: cached } = await cache.read();
  const isUsable = cached !== undefined && !liesAhead(cached, forwardNow());
  onRead(isUsable ? "cache" : "series");
  if (isUsable) return cached;
  const computed = await computeSummary(series).catch((error) => addFailures(error, readFailures));
  const summary = { revision, ...computed };
  background.run("cache the summary", () => cache.write(summary));
  return summary;
}

/** Adds the failed sources to the message: they are the usual cause of missing data. */
async function addFailures(
  error: unknown,
  readFailures: LoadSummaryOptions["readFailures"],
): Promise<never> {
  if (!(error instanceof NoDataError)) throw error;
  const failures = await readFailures();
  if (failures.length === 0) throw error;
  throw new NoDataError([error.message, ...failures].join("; "), { cause: error });
}
