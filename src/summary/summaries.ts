import { isDeepStrictEqual } from "node:util";
import { contain } from "../contain.ts";
import type { Background } from "../http/background.ts";
import type { Log } from "../log.ts";
import type { Clock } from "../samples/clock.ts";
import type { SummaryCache } from "./cache.ts";
import { liesAhead } from "./summary.ts";
import type { RevisedSummary } from "./wire.ts";

const FRESH_MS = 1_000;

// A lost announcement must cost less than 5 s: no reader gets a value that was not compared for longer.
const RENEWABLE_MS = 4_000;

const KEPT_MS = 3_600_000;

/** How long a failed load is not tried again while there is a value to answer with. */
const RETRY_MS = 1_000;

/** What keeping the newest summary needs. */
export interface SummariesOptions {
  /** Loads the summary from the Redis cache or the series. */
  load: () => Promise<RevisedSummary>;
  cache: Pick<SummaryCache, "write">;
  /** Sends a summary to every instance. */
  announce: (summary: RevisedSummary) => Promise<void>;
  background: Background;
  clock: Clock;
  /** Unix ms that never step back: what an announcement is compared with. */
  forwardNow: () => number;
  log: Log;
}

/** Is called at changes of the newest summary. */
export interface SummaryListener {
  /** Another summary is kept. */
  onChange?(summary: RevisedSummary): void;
  /** The store went back: what is cached by revision is wrong. */
  onReset?(): void;
}

interface Kept {
  readonly summary: RevisedSummary;
  /** When it was last known to be current, on the monotonic clock. */
  readonly at: number;
}

/**
 * The newest summary that this instance knows. It only ever goes forward, by revision, however late a
 * load or an announcement arrives. The one exception is a store that itself went back.
 *
 * It is fresh for 1 s, then served while one load renews it, and kept for an hour for when loads fail
 * (RFC 5861: stale-while-revalidate, stale-if-error).
 */
export class Summaries {
  readonly #options: SummariesOptions;
  readonly #listeners: Required<SummaryListener>[] = [];
  #kept: Kept | undefined;
  /** Counts what was kept: a load that began before the count grew may bring something older. */
  #turn = 0;
  #failedAt = -Infinity;
  #loading: Promise<RevisedSummary> | undefined;
  #hits = 0;

  constructor(options: SummariesOptions) {
    this.#options = options;
  }

  /** The newest summary known, however old. */
  get kept(): RevisedSummary | undefined {
    return this.#kept?.summary;
  }

  /** How many reads were answered without a load. */
  get hits(): number {
    return this.#hits;
  }

  /** Calls a listener at every change from now on. */
  listen({ onChange = () => {}, onReset = () => {} }: SummaryListener): void {
    const { log } = this.#options;
    this.#listeners.push({
      onChange: contain("a change of the summary", onChange, log),
      onReset: contain("a store that went back", onReset, log),
    });
  }

  /**
   * Calls `use` with the newest summary: at once if one is kept, else when it is loaded. While a load
   * ends a newer one may arrive; who used the result of a promise would go back.
   *
   * @throws {NoDataError} when no hour has samples of both metrics
   * @throws {StoreError} when the store cannot be read in time
   */
  read<T>(use: (summary: RevisedSummary) => T | Promise<T>): T | Promise<T> {
    const summary = this.#get();
    // A promise costs time, and most answers are ready.
    if (!(summary instanceof Promise)) return use(summary);
    return summary.then((loaded) => use(this.kept ?? loaded));
  }

  #get(): RevisedSummary | Promise<RevisedSummary> {
    if (this.#kept === undefined) return this.renew();
    const { summary, at } = this.#kept;
    const now = this.#options.clock.elapsed();
    const age = now - at;
    if (age > KEPT_MS) return this.renew();
    const sinceFailure = now - this.#failedAt;
    // An older failure says nothing about the store now, and others may have stored since.
    const isUnknown = age > RENEWABLE_MS && sinceFailure > RENEWABLE_MS;
    if (isUnknown) return this.renew().catch(() => this.kept ?? summary);
    if (age > FRESH_MS && sinceFailure > RETRY_MS) this.renew().catch(() => {});
    this.#hits++;
    return summary;
  }

  /** Loads the summary, one load at a time however many wait for it; a failed one is forgotten. */
  renew(): Promise<RevisedSummary> {
    return this.#loading ??= this.#load();
  }

  /** Publishes the summary of a refresh: to this instance, the Redis cache and the other instances. */
  publish(summary: RevisedSummary): void {
    const { cache, announce, background } = this.#options;
    this.#offer(summary);
    background.run("cache the summary", () => cache.write(summary));
    background.run("announce the summary", () => announce(summary));
  }

  /** Receives the summary that another instance announced. */
  receive(summary: RevisedSummary): void {
    const { forwardNow, background, log } = this.#options;
    if (!liesAhead(summary, forwardNow())) return this.#offer(summary);
    log.warn("an announced summary lies in the future", { as_of: summary.as_of });
    background.run("load the summary", () => this.renew());
  }

  #offer(summary: RevisedSummary): void {
    if (this.#kept === undefined || summary.revision > this.#kept.summary.revision) {
      this.#keep(summary);
    }
  }

  #keep(summary: RevisedSummary): void {
    this.#turn++;
    this.#loading = undefined;
    this.#kept = { summary, at: this.#options.clock.elapsed() };
    for (const listener of this.#listeners) listener.onChange(summary);
  }

  async #load(): Promise<RevisedSummary> {
    const turn = this.#turn;
    try {
      const summary = await this.#options.load();
      if (turn === this.#turn) this.#accept(summary);
      else this.#offer(summary);
      return this.kept ?? summary;
    } catch (error) {
      if (turn === this.#turn) this.#failedAt = this.#options.clock.elapsed();
      throw error;
    } finally {
      if (turn === this.#turn) this.#loading = undefined;
    }
  }

  /** Accepts the result of a load that began after the kept summary arrived: the store is right. */
  #accept(summary: RevisedSummary): void {
    const kept = this.kept;
    // An unchanged object keeps its encoded answer.
    if (kept !== undefined && isDeepStrictEqual(kept, summary)) {
      this.#kept = { summary: kept, at: this.#options.clock.elapsed() };
      return;
    }
    // The same revision with other content: the store may have gone back, then forward again.
    if (kept !== undefined && summary.revision <= kept.revision) this.#reset();
    this.#keep(summary);
  }

  #reset(): void {
    for (const listener of this.#listeners) listener.onReset();
  }
}
