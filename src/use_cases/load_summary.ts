import { NoDataError } from "../core/errors.ts";
import type { RefreshRecord, SeriesReader, SummaryCache } from "../core/ports.ts";
import { liesAhead, type RevisedSummary } from "../core/summary.ts";
import type { Background } from "./background.ts";
import { computeSummary } from "./compute_summary.ts";
import { withStoreDeadline } from "./store_deadline.ts";

/** What loading the summary needs. */
export interface LoadSummaryOptions {
  series: SeriesReader;
  cache: SummaryCache;
  record: Pick<RefreshRecord, "read">;
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
  const { series, cache, record, background, forwardNow, onRead } = options;
  // The revision is read before the series: the other way round, it could label what is older.
  const { revision, summary: cached } = await cache.read();
  const isUsable = cached !== undefined && !liesAhead(cached, forwardNow());
  onRead(isUsable ? "cache" : "series");
  if (isUsable) return cached;
  const computed = await computeSummary(series).catch((error) => addFailures(error, record));
  const summary = { revision, ...computed };
  background.run("cache the summary", () => cache.write(summary));
  return summary;
}

/** Adds the failed sources to the message: they are the usual cause of missing data. */
async function addFailures(error: unknown, record: Pick<RefreshRecord, "read">): Promise<never> {
  if (!(error instanceof NoDataError)) throw error;
  const failures = (await record.read())?.sources.flatMap(({ failure }) => failure ?? []) ?? [];
  if (failures.length === 0) throw error;
  throw new NoDataError([error.message, ...failures].join("; "), { cause: error });
}
