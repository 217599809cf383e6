import { deadline } from "@std/async/deadline";
import { StoreError } from "../core/errors.ts";
import type { SeriesReader, SummaryCache } from "../core/ports.ts";
import type { Summary } from "../core/summary.ts";
import type { Background } from "./background.ts";
import { computeSummary } from "./compute_summary.ts";

// A client is to hear within 2.5 s, however many commands it takes.
const DEADLINE_MS = 2_000;

/** What reading the summary needs. */
export interface GetSummaryOptions {
  series: SeriesReader;
  cache: SummaryCache;
  background: Background;
  /** Hears which layer gave the summary. */
  onRead: (layer: "cache" | "series") => void;
  /** How long a reader waits for the store, in milliseconds. @default 2_000 */
  deadlineMs?: number;
}

/**
 * Gets the summary from the cache, else from the series; then it is cached behind the answer.
 *
 * @throws {NoDataError} when no hour has samples of both metrics
 * @throws {StoreError} when the store can't be read in time
 */
export async function getSummary(options: GetSummaryOptions): Promise<Summary> {
  const { deadlineMs = DEADLINE_MS } = options;
  try {
    return await deadline(readThrough(options), deadlineMs);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new StoreError("The store took too long", { cause: error });
  }
}

async function readThrough(options: GetSummaryOptions): Promise<Summary> {
  const { series, cache, background, onRead } = options;
  const cached = await cache.read();
  onRead(cached === undefined ? "series" : "cache");
  if (cached !== undefined) return cached;
  const summary = await computeSummary(series);
  background.run("fill the cache", () => cache.fill(summary));
  return summary;
}
