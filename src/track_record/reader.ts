import { delay } from "@std/async/delay";
import type { Background } from "../http/background.ts";
import { BusyError } from "../http/problem.ts";
import { withStoreDeadline } from "../redis/command.ts";
import type { Series } from "../redis/series.ts";
import { type Average, DAY_MS, HOUR_MS, startOfHour } from "../samples/bucket.ts";
import type { Clock } from "../samples/clock.ts";
import { LruMap } from "../samples/lru_map.ts";
import type { PerMetric } from "../samples/sample.ts";
import { computePayoff, DEFAULT_FEE_PERCENT } from "./payoff.ts";
import {
  type ComputedRecord,
  computeInPieces,
  computeTrackRecord,
  defaultDays,
  SETTLE_MS,
  startOfTrackRecord,
} from "./track_record.ts";
import type { TrackRecord } from "./wire.ts";

/** How far the averages may lag behind the data and still be used, while a read renews them. */
const MAX_LAG_MS = HOUR_MS;

/** How long no read is tried after a failed one, while there are averages to use. */
const RETRY_AFTER_MS = 1_000;

/** How many periods are kept, each computed from the same averages. */
const MAX_KEPT_RECORDS = 8;

/** How many computations may wait for the one that runs. */
const MAX_WAITING = 8;

/** What reading track records needs. */
export interface TrackRecordReaderOptions {
  series: Pick<Series, "averages">;
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
  /** Lets everybody else do something between two pieces of a computation. @default a timer of 0 ms */
  pause?: () => Promise<unknown>;
}

/** Hourly averages of the whole retention, and the records computed from them. */
interface Kept {
  readonly asOf: number;
  readonly averages: PerMetric<readonly Average[]>;
  readonly records: LruMap<number, ComputedRecord>;
  /** The records that are being computed, or wait for that, by days and fee. */
  readonly pending: Map<string, Promise<TrackRecord>>;
}

/**
 * Reads track records. One array of hourly averages serves every period, and is read once per hour,
 * 15 minutes after the hour's end. While a read renews it, and for an hour when reads fail (one try
 * a second), readers get the records of the old array.
 *
 * One record is computed at a time, in pieces. The default one, a month, is computed at once: the page
 * needs it.
 */
export class TrackRecordReader {
  readonly #options: TrackRecordReaderOptions;
  #kept: Kept | undefined;
  #reading: Promise<Kept> | undefined;
  #failedAt = -Infinity;
  #invalidations = 0;
  /** Ends when the last computation that was admitted has ended. */
  #computed: Promise<unknown> = Promise.resolve();
  #admitted = 0;

  constructor(options: TrackRecordReaderOptions) {
    this.#options = options;
  }

  /**
   * The track record of the last `days` days, at once when nothing must be read.
   *
   * @param days at most the retention
   * @param feePercent what each switch of the pay-off costs
   * @throws {BusyError} when too many others wait to be computed
   * @throws {NoDataError} when no hour has samples of both metrics
   * @throws {StoreError} when the series can't be read in time
   */
  get(
    days: number,
    feePercent: number = DEFAULT_FEE_PERCENT,
  ): TrackRecord | Promise<TrackRecord> {
    const { asOf, deadlineMs } = this.#options;
    const current = asOf();
    const kept = typeof current === "number"
      ? this.#keptAt(current)
      : current.then((time) => this.#keptAt(time));
    if (!(kept instanceof Promise)) return this.#recordOf(kept, days, feePercent);
    return withStoreDeadline(kept, deadlineMs)
      .then((fresh) => this.#recordOf(fresh, days, feePercent));
  }

  /** Drops the averages: after a backfill, or when the store went back. */
  invalidate(): void {
    this.#invalidations++;
    this.#kept = undefined;
  }

  #keptAt(asOf: number): Kept | Promise<Kept> {
    const kept = this.#kept;
    const lag = kept === undefined ? NaN : settledUntil(asOf) - settledUntil(kept.asOf);
    // Less than zero: the store went back.
    if (kept === undefined || lag < 0 || lag > MAX_LAG_MS) return this.#readOnce();
    if (lag > 0) this.#renew();
    return kept;
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
      return this.#kept = {
        asOf: time,
        averages,
        records: new LruMap(MAX_KEPT_RECORDS),
        pending: new Map(),
      };
    } catch (error) {
      this.#failedAt = clock.elapsed();
      throw error;
    }
  }

  #recordOf(kept: Kept, days: number, feePercent: number): TrackRecord | Promise<TrackRecord> {
    const { averages, asOf, records } = kept;
    const known = records.get(days);
    const { feed, retentionMs } = this.#options;
    if (days === defaultDays(retentionMs)) {
      const computed = known ?? computeTrackRecord(averages, { feed, days, asOf });
      records.set(days, computed);
      return withFee(computed, feePercent);
    }
    if (known !== undefined && feePercent === DEFAULT_FEE_PERCENT) return known.record;
    return this.#queue(kept, days, feePercent);
  }

  #queue(kept: Kept, days: number, feePercent: number): Promise<TrackRecord> {
    const key = `${days}/${feePercent}`;
    const pending = kept.pending.get(key);
    if (pending !== undefined) return pending;
    if (this.#admitted > MAX_WAITING) {
      throw new BusyError(
        `${MAX_WAITING} track records wait to be computed, which is the limit; ask again soon`,
      );
    }
    this.#admitted++;
    const computing = this.#computed
      .then(() => this.#computeInPieces(kept, days, feePercent))
      .finally(() => {
        this.#admitted--;
        kept.pending.delete(key);
      });
    kept.pending.set(key, computing);
    this.#computed = computing.catch(() => {});
    return computing;
  }

  async #computeInPieces(
    { averages, asOf, records }: Kept,
    days: number,
    feePercent: number,
  ): Promise<TrackRecord> {
    const { feed, pause = () => delay(0) } = this.#options;
    let computed = records.get(days);
    const pieces = computeInPieces(averages, { feed, days, asOf });
    while (computed === undefined) {
      const piece = pieces.next();
      if (piece.done) computed = piece.value;
      else await pause();
    }
    records.set(days, computed);
    if (feePercent !== DEFAULT_FEE_PERCENT) await pause();
    return withFee(computed, feePercent);
  }
}

/** The record itself with the default fee, so that its encoding can be kept with it. */
function withFee({ record, payoffHours }: ComputedRecord, feePercent: number): TrackRecord {
  if (feePercent === DEFAULT_FEE_PERCENT) return record;
  return { ...record, payoff: computePayoff(payoffHours, feePercent) };
}

/** The end of the newest hour whose samples have arrived, in Unix milliseconds. */
function settledUntil(asOf: number): number {
  return startOfHour(asOf - SETTLE_MS);
}
