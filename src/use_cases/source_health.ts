import type { Feed } from "../core/feed.ts";
import type { LastRefresh, SourceHealth } from "../core/refresh_report.ts";
import type { SourceFailure } from "./fetch_sources.ts";

/** What the health of sources is derived from. */
export interface SourceHealthOptions {
  failures: readonly SourceFailure[];
  /** The refresh before, which knows when a source that fails now last answered. */
  previous: LastRefresh | undefined;
  /** The end of this refresh, ISO 8601, UTC. */
  at: string;
}

/** Derives the health of each source after a refresh. */
export function describeSources(
  { sources }: Pick<Feed, "sources">,
  { failures, previous, at }: SourceHealthOptions,
): SourceHealth[] {
  return sources.map(({ name: source }) => {
    const failure = failures.find((failure) => failure.source === source);
    if (failure === undefined) return { source, last_success: at };
    const before = previous?.sources.find((health) => health.source === source);
    const last_success = before?.last_success ?? null;
    return { source, last_success, failure: failure.error.message };
  });
}
