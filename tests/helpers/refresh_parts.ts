import type { Feed } from "../../src/feeds/feed.ts";
import type { Sleep } from "../../src/samples/clock.ts";
import { computeSummary } from "../../src/summary/load.ts";
import type { RefreshParts } from "../../src/refresh/refresh.ts";
import type { TestClock } from "./clock.ts";
import { keepLog, type KeptLog } from "./log.ts";
import type { TestStore } from "./store.ts";
import type { RevisedSummary } from "../../src/summary/wire.ts";

/** What asking sources needs; pauses pass at once. */
export function createFetchParts() {
  /** How long each pause was, in milliseconds. */
  const pauses: number[] = [];
  const stop = new AbortController();
  const log: KeptLog = keepLog();
  const { signal } = stop;
  return { pauses, stop, log, sleep: passAtOnce(pauses), random: () => 0.5, signal };
}

/** What a refresh needs, on a store of the test. */
export interface TestRefreshParts extends RefreshParts, ReturnType<typeof createFetchParts> {
  readonly clock: TestClock;
  readonly log: KeptLog;
  /** The summaries that were published. */
  readonly published: RevisedSummary[];
}

/** Creates what a refresh from `feed` needs. */
export function createRefreshParts(feed: Feed, store: TestStore): TestRefreshParts {
  const { clock, series, writer, record, revision } = store;
  const published: RevisedSummary[] = [];
  return {
    ...createFetchParts(),
    clock,
    published,
    loadFeed: () => Promise.resolve(feed),
    reader: series,
    writer,
    record,
    summaries: {
      publish: (summary) => published.push(summary),
      renew: async () => ({ revision: await revision.create(), ...await computeSummary(series) }),
    },
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
