import type { Clock } from "../core/clock.ts";
import { LruMap } from "../core/lru_map.ts";
import type { SeriesReader } from "../core/ports.ts";
import type { Average, PerMetric } from "../core/sample.ts";
import { HOUR_MS, startOfHour } from "../core/summary.ts";
import { computeTrackRecord, startOfTrackRecord, type TrackRecord } from "../core/track_record.ts";
import type { Background } from "./background.ts";
import { withStoreDeadline } from "./store_deadline.ts";

const DAY_MS = 24 * HOUR_MS;

/** How long after an hour's end its last samples may arrive. */
const SETTLE_MS = 15 * 60_000;

/** How far the averages may lag behind the data and still be used, while a read renews them. */
const MAX_LAG_MS = HOUR_MS;

/** How long no read is tried after a failed one, while there are averages to use. */
const RETRY_AFTER_MS = 1_000;

/** How many periods are kept, each computed from the same averages. */
const MAX_KEPT_RECORDS = 8;

/** What reading track records needs. */
export interface TrackRecordReaderOptions {
  series: Pick<SeriesReader, "averages">;
  /** The current summary's `as_of`, in Unix milliseconds; what it throws, `get()` throws. */
  asOf: () => number | Promise<number>;
  /** The name of the feed. */
  feed: string;
  /** No period is longer than this, in milliseconds. */
  retentionMs: number;
  background: Pick<Background, "run">;
  clock: Clock;
  /** How long a reader waits for the store, in milliseconds. @default 2_000 */
  deadlineMs?: number;
}

/** Hourly averages of the whole retention, and the records computed from them. */
interface Kept {
  readonly asOf: number;
  readonly averages: PerMetric<readonly Average[]>;
  readonly records: LruMap<number, TrackRecord>;
}

/**
 * Reads track records. One array of hourly averages serves every period, and is read once per hour,
 * 15 minutes after the hour's end. While a read renews it, and for an hour when reads fail (one try
 * a second), readers get the records of the old array.
 */
export class TrackRecordReader {
  readonly #options: TrackRecordReaderOptions;
  #kept: Kept | undefined;
  #reading: Promise<Kept> | undefined;
  #failedAt = -Infinity;
  #invalidations = 0;

  constructor(options: TrackRecordReaderOptions) {
    this.#options = options;
  }

  /**
   * The track record of the last `days` days, at once when nothing must be read.
   *
   * @param days at most the retention
   * @throws {NoDataError} when no hour has samples of both metrics
   * @throws {StoreError} when the series can't be read in time
   */
  get(days: number): TrackRecord | Promise<TrackRecord> {
    const { asOf, deadlineMs } = this.#options;
    const current = asOf();
    const record = typeof current === "number"
      ? this.#getAt(current, days)
      : current.then((time) => this.#getAt(time, days));
    return record instanceof Promise ? withStoreDeadline(record, deadlineMs) : record;
  }

  /** Drops the averages: after a backfill, or when the store went back. */
  invalidate(): void {
    this.#invalidations++;
    this.#kept = undefined;
  }

  #getAt(asOf: number, days: number): TrackRecord | Promise<TrackRecord> {
    const kept = this.#kept;
    const lag = kept === undefined ? NaN : settledUntil(asOf) - settledUntil(kept.asOf);
    // Less than zero: the store went back.
    if (kept === undefined || lag < 0 || lag > MAX_LAG_MS) {
      return this.#readOnce().then((fresh) => this.#recordOf(fresh, days));
    }
    if (lag > 0) this.#renew();
    return this.#recordOf(kept, days);
  }

  #renew(): void {
    const isTooSoon = this.#options.clock.elapsed() - this.#failedAt < RETRY_AFTER_MS;
    if (this.#reading !== undefined || isTooSoon) return;
    this.#options.background.run("read the track record", () => this.#readOnce());
  }

  /** One read at a time, however many wait for it; a failed one is forgotten. */
  #readOnce(): Promise<Kept> {
    return this.#reading ??= this.#read().finally(() => this.#reading = undefined);
  }

  async #read(): Promise<Kept> {
    const { series, asOf, retentionMs, clock } = this.#options;
    try {
      const invalidations = this.#invalidations;
      const time = await asOf();
      const from = startOfTrackRecord(time, Math.ceil(retentionMs / DAY_MS));
      const averages = await series.averages(from, HOUR_MS);
      // Averages that were read before an invalidation may be the invalid ones.
      if (invalidations !== this.#invalidations) return await this.#read();
      return this.#kept = { asOf: time, averages, records: new LruMap(MAX_KEPT_RECORDS) };
    } catch (error) {
      this.#failedAt = clock.elapsed();
      throw error;
    }
  }

  #recordOf({ asOf, averages, records }: Kept, days: number): TrackRecord {
    const record = records.get(days) ??
      computeTrackRecord(averages, { feed: this.#options.feed, days, asOf });
    records.set(days, record);
    return record;
  }
}

/** The end of the newest hour whose samples have arrived, in Unix milliseconds. */
function settledUntil(asOf: number): number {
  return startOfHour(asOf - SETTLE_MS);
}
