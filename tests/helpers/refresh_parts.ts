import type { Feed } from "../../src/feeds/feed.ts";
import type { Sleep } from "../../src/samples/clock.ts";
import type { RevisedSummary } from "../../src/summary/summary.ts";
import { computeSummary } from "../../src/summary/load.ts";
import type { RefreshParts } from "../../src/refresh/refresh.ts";
import { createTestClock, type TestClock } from "./clock.ts";
import { keepLog, type KeptLog } from "./log.ts";
import { MemorySeries } from "./memory.ts";

/** What a refresh needs, in memory. */
export interface TestRefreshParts extends RefreshParts {
  readonly series: MemorySeries;
  readonly clock: TestClock;
  readonly log: KeptLog;
  /** The summaries that were published. */
  readonly published: RevisedSummary[];
  /** How long each pause was, in milliseconds. */
  readonly pauses: number[];
  readonly stop: AbortController;
}

/** Creates what a refresh from `feed` needs; pauses pass at once. */
export function createRefreshParts(
  feed: Feed,
  { series = new MemorySeries(), clock = createTestClock() } = {},
): TestRefreshParts {
  const published: RevisedSummary[] = [];
  const pauses: number[] = [];
  const stop = new AbortController();
  return {
    series,
    clock,
    published,
    pauses,
    stop,
    log: keepLog(),
    loadFeed: () => Promise.resolve(feed),
    reader: series,
    writer: series,
    summaries: {
      publish: (summary) => published.push(summary),
      renew: async () => ({ revision: series.revision, ...await computeSummary(series) }),
    },
    forwardNow: () => clock.now(),
    sleep: passAtOnce(pauses),
    random: () => 0.5,
    signal: stop.signal,
  };
}

/** Pauses pass at once; what limits the time of all tries never ends by itself. */
function passAtOnce(pauses: number[]): Sleep {
  return (ms, signal) => {
    if (ms >= 20_000) return rejectWhenAborted(signal);
    pauses.push(ms);
    return Promise.resolve();
  };
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
