import { withStoreDeadline } from "../redis/command.ts";
import type { Series } from "../redis/series.ts";
import type { Clock } from "../samples/clock.ts";
import { LruMap } from "../samples/lru_map.ts";
import type { Summaries } from "../summary/summaries.ts";
import { FairPlaces, networkOf } from "./fair_places.ts";
import { type Buckets, type HistorySpan, joinAverages, lastBuckets, widen } from "./history.ts";
import { chooseBucket } from "./span.ts";
import type { History } from "./wire.ts";

/** How many spans are kept. */
const MAX_KEPT_SPANS = 32;

/** How long a history is kept while there is no revision to compare. */
const UNORDERED_MS = 1_000;

/** What reading histories needs. */
export interface HistoryReaderOptions {
  series: Pick<Series, "newest" | "averages">;
  /** Knows the revision of what is stored. */
  summaries: Pick<Summaries, "read" | "kept">;
  /** How far back from the newest sample there can be samples, in milliseconds. */
  retentionMs: number;
  clock: Clock;
}

/** A history and the revision of what it was read from; `undefined` if that is unknown. */
export interface RevisedHistory {
  readonly history: History;
  readonly revision: number | undefined;
}

interface Kept {
  readonly revision: number | undefined;
  readonly at: number;
  readonly result: Promise<RevisedHistory>;
}

/** Reads histories, each span once per revision however many ask for it. */
export class HistoryReader {
  readonly #options: HistoryReaderOptions;
  readonly #kept = new LruMap<string, Kept>(MAX_KEPT_SPANS);
  readonly #places = new FairPlaces();

  constructor(options: HistoryReaderOptions) {
    this.#options = options;
  }

  /**
   * Returns the history of a span.
   *
   * @param address of the client, whose network gets a fair share of the reads; clients without one share one
   * @throws {ProblemError} when the bucket is too short for a span that ends with the newest sample
   * @throws {BusyError} when too many histories are being read
   * @throws {StoreError} when the series cannot be read
   */
  get(span: HistorySpan, address = ""): Promise<RevisedHistory> {
    return withStoreDeadline(this.#get(span, address));
  }

  /** Forgets everything: the store went back, so its revisions no longer tell what is newer. */
  clear(): void {
    this.#kept.clear();
  }

  async #get(span: HistorySpan, address: string): Promise<RevisedHistory> {
    const revision = await this.#readRevision();
    const key = JSON.stringify(span);
    const kept = this.#kept.get(key);
    const current = kept && this.#isCurrent(kept, revision)
      ? kept
      : this.#begin(span, revision, address);
    this.#kept.set(key, current);
    try {
      return await current.result;
    } catch (error) {
      this.#kept.forget(key, current);
      throw error;
    }
  }

  /** Reads the revision, compared with the store's within the last 4 s; `undefined` without a summary. */
  async #readRevision(): Promise<number | undefined> {
    const { summaries } = this.#options;
    try {
      return await summaries.read(({ revision }) => revision);
    } catch {
      return summaries.kept?.revision;
    }
  }

  #isCurrent({ revision, at }: Kept, current: number | undefined): boolean {
    if (revision !== current) return false;
    return revision !== undefined || this.#options.clock.elapsed() - at < UNORDERED_MS;
  }

  #begin(span: HistorySpan, revision: number | undefined, address: string): Kept {
    const network = networkOf(address);
    const entering = this.#places.take(network);
    const result = entering
      .then(() => readHistory(this.#options, span))
      .then((history) => ({ history, revision }))
      .finally(() => this.#places.leave(network));
    return { revision, at: this.#options.clock.elapsed(), result };
  }
}

/** Reads the averages of a span. */
export async function readHistory(
  { series, retentionMs }: Pick<HistoryReaderOptions, "series" | "retentionMs">,
  span: HistorySpan,
): Promise<History> {
  const { from, to, bucketMs } = await findBuckets(series, span, retentionMs);
  const points = from < to ? joinAverages(await series.averages(from, bucketMs, to)) : [];
  return { bucket_seconds: bucketMs / 1_000, points };
}

async function findBuckets(
  series: HistoryReaderOptions["series"],
  span: HistorySpan,
  retentionMs: number,
): Promise<Buckets> {
  if ("from" in span && span.to !== undefined) return widen(span, span.bucketMs);
  const times = Object.values(await series.newest()).filter((time) => time !== undefined);
  const newest = times.length === 0 ? undefined : Math.max(...times);
  if ("hours" in span) return lastBuckets(span.hours, newest ?? -Infinity, span.bucketMs);
  const to = newest === undefined ? span.from : newest + 1;
  const open = { from: Math.max(span.from, to - retentionMs), to };
  return widen(open, chooseBucket(open, span.bucketMs));
}
