import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { Claims } from "../../src/redis/claims.ts";
import type { Client } from "../../src/redis/command.ts";
import { closeRedis, connectRedis } from "../../src/redis/connection.ts";
import { type Keys, keysBelow } from "../../src/redis/keys.ts";
import { Revision } from "../../src/redis/revision.ts";
import { Series } from "../../src/redis/series.ts";
import { SeriesWriter } from "../../src/redis/series_writer.ts";
import { BackfillMarks, RefreshRecord } from "../../src/refresh/record.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { SummaryCache } from "../../src/summary/cache.ts";
import { createTestClock, type TestClock } from "./clock.ts";
import { noteCommands, PATIENT } from "./redis.ts";

/** What a service keeps in Redis, on an embedded server that follows a clock of the test. */
export interface TestStore extends AsyncDisposable {
  readonly clock: TestClock;
  readonly client: Client;
  readonly keys: Keys;
  readonly series: Series;
  readonly writer: SeriesWriter;
  readonly revision: Revision;
  readonly cache: SummaryCache;
  readonly claims: Claims;
  readonly record: RefreshRecord;
  readonly marks: BackfillMarks;
  /** The commands that were sent, as `NAME argument …`. */
  readonly commands: readonly string[];
  /** While set, every command fails with it. */
  failure: Error | undefined;
}

/** Creates a store with both series, empty. */
export async function createTestStore(
  { clock = createTestClock(), retentionMs = 365 * 24 * HOUR_MS } = {},
): Promise<TestStore> {
  const now = () => clock.now();
  const server = startEmbeddedRedis({ now });
  const redis = connectRedis(server.url, { bounds: PATIENT });
  const keys = keysBelow("test");
  const client: Client = {
    call: (name, args) => store.failure ? Promise.reject(store.failure) : redis.call(name, args),
    multi() {
      if (store.failure) throw store.failure;
      return redis.multi();
    },
  };
  const series = { client, keys: keys.series, forwardNow: now };
  const revision = new Revision({ client, key: keys.revision, now });
  const marks = new BackfillMarks(client, keys.backfilled);
  const store: TestStore = {
    clock,
    client,
    keys,
    revision,
    series: new Series(series),
    writer: new SeriesWriter({ ...series, revision, retentionMs, onCreated: () => marks.clear() }),
    cache: new SummaryCache(client, keys.cache, revision),
    claims: new Claims({ client, keys: keys.claims, clock }),
    record: new RefreshRecord(client, keys.refresh),
    marks,
    commands: noteCommands(redis),
    failure: undefined,
    async [Symbol.asyncDispose]() {
      await closeRedis(redis);
      await server[Symbol.asyncDispose]();
    },
  };
  await store.writer.create();
  return store;
}
