import type { Clock } from "../samples/clock.ts";
import type { Log } from "../log.ts";
import type { Sleep } from "../samples/clock.ts";
import { Claims } from "../redis/claims.ts";
import {
  closeRedis,
  type connect,
  type ConnectionOptions,
  watchConnection,
} from "../redis/connection.ts";
import { keysBelow } from "../redis/keys.ts";
import { BackfillMarks, RefreshRecord } from "../refresh/record.ts";
import { Revision } from "../redis/revision.ts";
import { Series } from "../redis/series.ts";
import { SeriesWriter } from "../redis/series_writer.ts";
import { SummaryCache } from "../summary/cache.ts";
import { DeliveryRecords, StateTracker } from "../notifications/records.ts";
import { createAnnounce, receiveSummaries } from "../summary/cache.ts";
import type { RevisedSummary } from "../summary/wire.ts";

/** Where the store is and how to reach it. */
export interface StoreOptions extends ConnectionOptions {
  redisUrl: string;
  keyPrefix: string;
  feed: string;
  retentionMs: number;
  clock: Clock;
  sleep: Sleep;
  log: Log;
  /** Unix ms that never step back. */
  forwardNow: () => number;
  connect: typeof connect;
}

/** Is called at events of the store. */
export interface StoreListener {
  /** Redis can be used, at first and again. */
  onReady: () => void;
  /** Redis can no longer be used; called once. */
  onLost: (error: Error) => void;
  /** An instance, perhaps this one, announced a summary. */
  onSummary: (summary: RevisedSummary) => void;
}

/** Everything that is kept in Redis, on two connections: one for commands, one for announcements. */
export type Store = ReturnType<typeof createStore>;

/** Creates the parts of the store; it connects when it is opened. */
export function createStore(options: StoreOptions) {
  const { redisUrl, connect, clock } = options;
  const client = connect(redisUrl, options);
  const subscriber = connect(redisUrl, { ...options, subscribes: true });
  const closing = new AbortController();
  const keys = keysBelow(options.keyPrefix, options.feed);
  const revision = new Revision({ client, key: keys.revision, now: () => clock.now() });
  const series = { client, keys: keys.series, forwardNow: options.forwardNow };
  return {
    client,
    keys,
    reader: new Series(series),
    writer: new SeriesWriter({ ...series, revision, retentionMs: options.retentionMs }),
    cache: new SummaryCache(client, keys.cache, revision),
    announce: createAnnounce(client, keys.updates),
    claims: new Claims({ client, keys: keys.claims, clock }),
    record: new RefreshRecord(client, keys.refresh),
    marks: new BackfillMarks(client, keys.backfilled),
    states: new StateTracker(client, keys.state),
    deliveries: new DeliveryRecords(client, keys.delivered),

    /** Connects, before the first command needs it. */
    open({ onReady, onLost, onSummary }: StoreListener): void {
      const { sleep, log } = options;
      const { signal } = closing;
      receiveSummaries(subscriber, { channel: keys.updates, onSummary, sleep, log, signal });
      watchConnection(subscriber, { onReady() {}, onLost() {} });
      watchConnection(client, {
        onLost,
        onReady() {
          // The second connection comes after the first, which readers wait for.
          if (subscriber.status === "wait") subscriber.connect().catch(() => {});
          onReady();
        },
      });
      client.connect().catch(() => {}); // The listener gets the error.
    },
    async close(): Promise<void> {
      closing.abort();
      await Promise.all([client, subscriber].map(closeRedis));
    },
  };
}
