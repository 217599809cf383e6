import type { Average, PerMetric, Sample } from "./sample.ts";
import type { Summary } from "./summary.ts";

/** What became of samples that were sent to the store. */
export interface Stored {
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** Takes samples into the series; every method throws a {@linkcode StoreError} when it can't. */
export interface SeriesWriter {
  /** Makes the series that are missing. */
  create(): Promise<void>;
  /** Adds samples; where a timestamp is taken, the first value stays. */
  add(samples: readonly Sample[]): Promise<Stored>;
}

/** Reads the series; every method throws a {@linkcode StoreError} when it can't. */
export interface SeriesReader {
  /** The newest timestamp of each series in Unix milliseconds; none where it has no sample. */
  newest(): Promise<PerMetric<number | undefined>>;
  /** The averages of each series from `from` on (Unix ms), per bucket of `bucketMs`, oldest first. */
  averages(from: number, bucketMs: number): Promise<PerMetric<readonly Average[]>>;
}

/** Keeps the last summary for every instance. */
export interface SummaryCache {
  read(): Promise<Summary | undefined>;
  /** Replaces what is cached: for the summary of a refresh. */
  write(summary: Summary): Promise<void>;
  /** Caches only where nothing is: a reader's summary must never replace a newer refresh's. */
  fill(summary: Summary): Promise<void>;
}

/** Tells every instance of a fresh summary. */
export interface Announcer {
  announce(summary: Summary): Promise<void>;
}

/** Decides among instances who does something that must be done once. */
export interface Claims {
  /** Whether the caller is the first to take `name` within `seconds`. */
  take(name: string, seconds: number): Promise<boolean>;
}

/** The time in Unix milliseconds. */
export type Clock = () => number;

/** Takes notes of what happens, with fields that help to understand it. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
