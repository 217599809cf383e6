import { NoDataError } from "../core/errors.ts";
import type { Clock, Feed, Log, SeriesReader, SeriesWriter, SummaryCache } from "../core/ports.ts";
import type { Summary } from "../core/summary.ts";
import type { Background } from "./background.ts";
import { computeSummary } from "./compute_summary.ts";

/** What a refresh did; `received` is always `stored + duplicates + rejected`, all in samples. */
export interface RefreshReport {
  readonly feed: string;
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** The `as_of` of the summary that the refresh led to; none where it led to none. */
  readonly as_of: string | null;
}

/** What a refresh needs. */
export interface RefresherOptions {
  feed: Feed;
  series: SeriesReader & SeriesWriter;
  cache: SummaryCache;
  background: Background;
  clock: Clock;
  log: Log;
  /** A refresh younger than this is answered with its own report, in milliseconds. */
  minIntervalMs: number;
  /** Ends a request to the feed that is under way. */
  signal: AbortSignal;
  /** Hears of the summary that a refresh led to. */
  onSummary: (summary: Summary) => void;
}

/** Brings the feed's new samples into the series, and the summary up to date. */
export class Refresher {
  readonly #options: RefresherOptions;
  #running: Promise<RefreshReport> | undefined;
  #last: { readonly report: RefreshReport; readonly at: number } | undefined;

  constructor(options: RefresherOptions) {
    this.#options = options;
  }

  /**
   * Refreshes; whoever asks meanwhile, or within the least interval, gets the same report.
   *
   * @throws {FeedError} when the feed gives no samples
   * @throws {StoreError} when the store can't take them
   */
  refresh(): Promise<RefreshReport> {
    const { clock, minIntervalMs } = this.#options;
    if (this.#last !== undefined && clock() - this.#last.at < minIntervalMs) {
      return Promise.resolve(this.#last.report);
    }
    return this.#running ??= this.#run().finally(() => this.#running = undefined);
  }

  async #run(): Promise<RefreshReport> {
    const { feed, log, clock } = this.#options;
    try {
      const report = await this.#refresh();
      this.#last = { report, at: clock() };
      log.info("refreshed", { ...report });
      return report;
    } catch (error) {
      log.warn("refresh failed", { feed: feed.name, error });
      throw error;
    }
  }

  async #refresh(): Promise<RefreshReport> {
    const { feed, series, signal } = this.#options;
    const { samples, rejected } = await feed.fetchSamples(signal);
    const stored = await series.add(samples);
    return {
      feed: feed.name,
      received: samples.length + rejected,
      stored: stored.stored,
      duplicates: stored.duplicates,
      rejected: stored.rejected + rejected,
      as_of: await this.#renewSummary(),
    };
  }

  async #renewSummary(): Promise<string | null> {
    const { series, cache, background, onSummary } = this.#options;
    const summary = await computeSummary(series).catch(unlessNoData);
    if (summary === undefined) return null;
    onSummary(summary);
    background.run("cache the summary", () => cache.write(summary));
    return summary.as_of;
  }
}

function unlessNoData(error: unknown): undefined {
  if (!(error instanceof NoDataError)) throw error;
}
