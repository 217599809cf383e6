import { FeedError, type FeedFault, NoDataError } from "../core/errors.ts";
import type {
  Clock,
  Feed,
  FeedAnswer,
  Log,
  SeriesReader,
  SeriesWriter,
  SourceFailure,
  SummaryCache,
} from "../core/ports.ts";
import type { Summary } from "../core/summary.ts";
import type { Background } from "./background.ts";
import { computeSummary } from "./compute_summary.ts";
import { retry, type Sleep } from "./retry.ts";

/** What a refresh did; `received` is always `stored + duplicates + rejected`, all in samples. */
export interface RefreshReport {
  readonly feed: string;
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** The `as_of` of the summary that the refresh led to; none where it led to none. */
  readonly as_of: string | null;
  /** The feed's sources that failed while others answered; only where there are any. */
  readonly failed_sources?: readonly FailedSource[];
}

/** One source of a feed that gave no samples. */
export interface FailedSource {
  readonly source: string;
  readonly fault: FeedFault;
  readonly message: string;
}

/** How a refresh ended: with a report, or with an error. */
export type RefreshEnd = { readonly report: RefreshReport } | { readonly error: unknown };

/** How a refresh goes about it. */
export interface RefreshOptions {
  /** How often the feed is asked before it counts as failed. @default 1 */
  tries?: number;
  /** How old a report may be that is answered instead, in milliseconds. @default the least interval */
  maxAgeMs?: number;
}

/** What a refresh needs. */
export interface RefresherOptions {
  feed: Feed;
  series: SeriesReader & SeriesWriter;
  cache: SummaryCache;
  background: Background;
  clock: Clock;
  sleep: Sleep;
  /** Gives a number from 0 to 1. */
  random: () => number;
  log: Log;
  /** A refresh younger than this is answered with its own report, in milliseconds. */
  minIntervalMs: number;
  /** Ends a request to the feed that is under way. */
  signal: AbortSignal;
  /** Hears of the summary that a refresh led to. */
  onSummary: (summary: Summary) => void;
  /** Hears how each refresh ended. */
  onEnd: (end: RefreshEnd) => void;
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
  refresh(options: RefreshOptions = {}): Promise<RefreshReport> {
    const { tries = 1, maxAgeMs = this.#options.minIntervalMs } = options;
    if (this.#last !== undefined && this.#options.clock() - this.#last.at < maxAgeMs) {
      return Promise.resolve(this.#last.report);
    }
    return this.#running ??= this.#run(tries).finally(() => this.#running = undefined);
  }

  async #run(tries: number): Promise<RefreshReport> {
    const { feed, log, clock, onEnd } = this.#options;
    try {
      const report = await this.#refresh(await this.#fetch(tries));
      this.#last = { report, at: clock() };
      log.info("refreshed", { ...report });
      onEnd({ report });
      return report;
    } catch (error) {
      log.warn("refresh failed", { feed: feed.name, error });
      onEnd({ error });
      throw error;
    }
  }

  #fetch(tries: number): Promise<FeedAnswer> {
    const { feed } = this.#options;
    return retry((signal) => feed.fetchSamples(signal), {
      ...this.#options,
      tries,
      isWorthIt: (error) => error instanceof FeedError && error.retryAfterMs === undefined,
    });
  }

  async #refresh({ samples, rejected, failures = [] }: FeedAnswer): Promise<RefreshReport> {
    const { feed, series, log } = this.#options;
    for (const failure of failures) log.warn("a source failed", { ...failure });
    const stored = await series.add(samples);
    return {
      feed: feed.name,
      received: samples.length + rejected,
      stored: stored.stored,
      duplicates: stored.duplicates,
      rejected: stored.rejected + rejected,
      as_of: await this.#renewSummary(),
      ...failures.length > 0 && { failed_sources: failures.map(describeFailure) },
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

function describeFailure({ source, error }: SourceFailure): FailedSource {
  return { source, fault: error.fault, message: error.message };
}
