import type { FeedFault } from "../feeds/errors.ts";

/** What a refresh did; `received` is always `stored + duplicates + rejected`, all in samples. */
export interface RefreshReport {
  readonly feed: string;
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Samples older than the retention, which were not sent; absent when there are none. */
  readonly expired?: number;
  /** The `as_of` of the summary after the refresh; `null` while there is no summary. */
  readonly as_of: string | null;
  /** When the refresh ended, ISO 8601, UTC. */
  readonly refreshed_at: string;
  /** The sources that failed while others answered; absent when there are none. */
  readonly failed_sources?: readonly FailedSource[];
  /** One of the last minutes rests on a single source; absent when none does. */
  readonly degraded?: true;
}

/** One source of a feed that returned no samples. */
export interface FailedSource {
  readonly source: string;
  readonly fault: FeedFault;
  readonly message: string;
}

/** Why a refresh failed, as it is kept for other instances. */
export interface RefreshFailure {
  readonly fault: FeedFault | "store";
  readonly message: string;
  /** How long to wait before the next try, in milliseconds. */
  readonly retry_after_ms?: number | undefined;
}

/** When a source last answered, and how it failed since. */
export interface SourceHealth {
  readonly source: string;
  /** ISO 8601, UTC; `null` if it never answered. */
  readonly last_success: string | null;
  /** Why the last request failed; absent if it did not. */
  readonly failure?: string | undefined;
}

/** The last refresh of any instance. */
export interface LastRefresh {
  readonly result: { readonly report: RefreshReport } | { readonly failure: RefreshFailure };
  readonly sources: readonly SourceHealth[];
  /** When a tick last refreshed, ISO 8601, UTC; absent before the first. */
  readonly ticked_at?: string | undefined;
}
