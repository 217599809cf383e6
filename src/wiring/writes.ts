import { Lazy } from "@std/async/lazy";
import type { Config } from "../config.ts";
import { contain } from "../contain.ts";
import { NoDataError } from "../summary/load.ts";
import type { Feed } from "../feeds/feed.ts";
import type { EndedRefresh } from "../observe/tally.ts";
import { toProblem } from "../app.ts";
import type { Tally } from "../observe/tally.ts";
import { backfill } from "../refresh/backfill.ts";
import { watchBackfill } from "../refresh/backfill.ts";
import type { Background } from "../http/background.ts";
import type { Notifier } from "../notifications/notifier.ts";
import type { RefreshEnd } from "../refresh/refresh.ts";
import { Refresher } from "../refresh/refresher.ts";
import { Schedule } from "../refresh/schedule.ts";
import type { CompleteParts } from "./parts.ts";
import type { Reads } from "./reads.ts";
import type { Store } from "./store.ts";

/** What the writing side is built from. */
export interface WritesOptions {
  config: Config;
  parts: CompleteParts;
  store: Store;
  reads: Reads;
  tally: Tally;
  background: Background;
  forwardNow: () => number;
  /** Sends the state to webhooks. */
  notifier: Notifier;
  /** Ends requests to the feed. */
  signal: AbortSignal;
}

/** Everything that brings samples in, and what is due at a tick. */
export type Writes = ReturnType<typeof createWrites>;

/** Creates the writing side. */
export function createWrites(options: WritesOptions) {
  const { config, parts, store, reads, tally } = options;
  const feed = new Lazy(parts.loadFeed);
  const loadFeed = (): Promise<Feed> => feed.get();
  const refreshParts = {
    ...parts,
    ...store,
    loadFeed,
    summaries: reads.summaries,
    forwardNow: options.forwardNow,
    signal: options.signal,
  };
  const refresher = new Refresher({
    ...refreshParts,
    minIntervalMs: config.refreshMinIntervalMs,
    onEnd: contain("count a refresh", (end) => tally.countRefresh(describeEnd(end)), parts.log),
  });
  const onBackfilled = () => reads.trackRecords.invalidate();
  reads.summaries.listen({
    onChange: watchBackfill({ ...options, ...store, onBackfilled }),
  });
  const schedule = new Schedule({
    ...store,
    refresher,
    minIntervalMs: config.refreshMinIntervalMs,
    backfill: (withinMs) => backfill({ ...refreshParts, onBackfilled }, withinMs),
    notify: () => notify(options),
    clock: parts.clock,
    log: parts.log,
  });
  return { refresher, schedule, loadFeed };
}

/** Notifies of the answer as it is now; without data there is none. */
async function notify({ reads, notifier }: WritesOptions): Promise<void> {
  try {
    await notifier.tick(await reads.summaries.read((it) => reads.encodeAnswer(it).answer));
  } catch (error) {
    if (!(error instanceof NoDataError)) throw error;
  }
}

function describeEnd({ outcome, failures }: RefreshEnd): EndedRefresh {
  const failedSources = failures.map(({ source }) => source);
  if ("error" in outcome) {
    return { outcome: toProblem(outcome.error)?.problem ?? "internal", failedSources };
  }
  const { stored, duplicates, rejected, expired = 0 } = outcome.report;
  return {
    outcome: failures.length > 0 ? "partial" : "ok",
    samples: { stored, duplicate: duplicates, rejected, expired },
    failedSources,
  };
}
