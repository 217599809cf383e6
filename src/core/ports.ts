import type { LastRefresh } from "./refresh_report.ts";
import type { Average, Metric, PerMetric, Sample } from "./sample.ts";
import type { RevisedSummary } from "./summary.ts";

/** The outcome of adding samples to the store. */
export interface Stored {
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Samples older than the retention, counted back from the newest sample; they were not sent. */
  readonly expired: number;
  /** The revision that labels what is stored now; absent if nothing new was stored. */
  readonly revision?: number;
}

/** Writes the series; every method throws a {@linkcode StoreError} when it cannot. */
export interface SeriesWriter {
  /** Creates the series that are missing, and the revision. */
  create(): Promise<void>;
  /** Adds samples; a timestamp that has a value keeps it. */
  add(samples: readonly Sample[]): Promise<Stored>;
}

/** Reads the series; every method throws a {@linkcode StoreError} when it cannot. */
export interface SeriesReader {
  /** The newest timestamp of each series in Unix ms; `undefined` for an empty one. */
  newest(): Promise<PerMetric<number | undefined>>;
  /** The oldest timestamp of each series in Unix ms; `undefined` for an empty one. */
  oldest(): Promise<PerMetric<number | undefined>>;
  /** The averages of each series from `from` on (Unix ms), per bucket of `bucketMs`, oldest first. */
  averages(from: number, bucketMs: number): Promise<PerMetric<readonly Average[]>>;
}

/** Keeps the last summary for every instance. */
export interface SummaryCache {
  /** Reads the revision, and the summary if it has that revision. */
  read(): Promise<{ readonly revision: number; readonly summary: RevisedSummary | undefined }>;
  /** Replaces the cached summary. A late write is harmless: readers compare its revision. */
  write(summary: RevisedSummary): Promise<void>;
}

/** Sends a summary to every instance. */
export type Announce = (summary: RevisedSummary) => Promise<void>;

/** Work that only one instance at a time may do. */
export type ClaimName = "tick" | "refresh";

/** The right to do such work. */
export interface Claim {
  /** Lets it end in `ms` milliseconds from now, at once if that is 0; too late, it does nothing. */
  endIn(ms: number): Promise<void>;
}

/** Decides which one of several instances does such work. */
export interface Claims {
  /**
   * Claims `name` for `ms` milliseconds; `undefined` if another instance holds it, which it does for up to
   * `atMostMs` from now. @default ms
   */
  take(name: ClaimName, ms: number, atMostMs?: number): Promise<Claim | undefined>;
}

/** Keeps the result of the last refresh for every instance. */
export interface RefreshRecord {
  read(): Promise<LastRefresh | undefined>;
  write(last: LastRefresh): Promise<void>;
}

/** Keeps which metrics have their first 30 days. */
export interface BackfillMarks {
  read(): Promise<ReadonlySet<Metric>>;
  write(done: ReadonlySet<Metric>): Promise<void>;
}

/** Waits for `ms` milliseconds; rejects at once when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Logs events, with fields that help to understand them. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
