import { FeedError } from "../feeds/errors.ts";
import { BusyError } from "../http/problem.ts";
import type { Claim, Claims } from "../redis/claims.ts";
import { StoreError } from "../redis/command.ts";
import { describeSources } from "./record.ts";
import { learnPauses, refresh, type RefreshEnd, type RefreshParts } from "./refresh.ts";
import type { LastRefresh, RefreshFailure, RefreshReport } from "./wire.ts";

/** How long a refresh may hold its claim if its instance dies: longer than any refresh takes. */
const RUNNING_MS = 30_000;

/** No client waits for a tick: a source that fails is asked again. */
const TICK_TRIES = 3;

const WAIT_STEP_MS = 1_000;

/** How long a request waits for the first refresh of all: with its commands, below 2.5 s. */
const FIRST_MS = 2_000;

const FIRST_STEP_MS = 100;

/** What deciding about refreshes needs. */
export interface RefresherOptions extends RefreshParts {
  claims: Pick<Claims, "take">;
  /** How soon after a refresh of any instance the next may begin, in milliseconds. */
  minIntervalMs: number;
  /** Is called at the end of each refresh. */
  onEnd: (end: RefreshEnd) => void;
}

/** How a refresh is run. */
interface Run {
  readonly tries: number;
  readonly isTick: boolean;
}

/** A report, or the report of an earlier refresh that stands in for it. */
export interface Refreshed {
  readonly report: RefreshReport;
  readonly isReplayed: boolean;
}

/** The failure of an earlier refresh, which stands in for one that is not allowed yet. */
export class ReplayedError extends Error {
  override readonly name = "ReplayedError";
  declare readonly cause: FeedError | StoreError;

  constructor(cause: FeedError | StoreError) {
    super(cause.message, { cause });
  }
}

/** Refreshes, one at a time among all instances, and not more often than allowed. */
export class Refresher {
  readonly #options: RefresherOptions;
  #requested: Promise<Refreshed> | undefined;

  constructor(options: RefresherOptions) {
    this.#options = options;
  }

  /**
   * Refreshes because a client asked: one try. Requests at the same time share it. While a refresh is
   * not allowed, the result of the last one stands in.
   *
   * @throws {FeedError} when no source returns samples
   * @throws {StoreError} when the store fails
   * @throws {ReplayedError} when the last refresh failed, and another is not allowed yet
   * @throws {BusyError} when the first refresh of all is still running after 2 s
   */
  request(): Promise<Refreshed> {
    return this.#requested ??= this.#requestOnce().finally(() => this.#requested = undefined);
  }

  /**
   * Refreshes because it is time, with up to three tries per source; waits up to `maxWaitMs` for a
   * refresh that runs or ended just now.
   *
   * @param isDue is asked once no other instance can refresh; by default it always is
   * @returns whether it refreshed
   */
  async runScheduled(
    maxWaitMs: number,
    isDue: () => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<boolean> {
    const claim = await this.#waitForClaim(maxWaitMs);
    if (claim === undefined) return false;
    let due = false;
    try {
      due = await isDue();
    } finally {
      if (!due) await claim.endIn(0);
    }
    if (due) await this.#run(claim, { tries: TICK_TRIES, isTick: true });
    return due;
  }

  async #waitForClaim(maxWaitMs: number): Promise<Claim | undefined> {
    const { clock, sleep, signal } = this.#options;
    const start = clock.elapsed();
    for (let sleptMs = 0;; sleptMs += WAIT_STEP_MS) {
      const claim = await this.#take();
      const waitedMs = Math.max(sleptMs, clock.elapsed() - start);
      if (claim !== undefined || waitedMs >= maxWaitMs) return claim;
      await sleep(WAIT_STEP_MS, signal);
    }
  }

  async #take(): Promise<Claim | undefined> {
    const { loadFeed, claims, minIntervalMs } = this.#options;
    // With a feed that can't be loaded, the claim would be held in vain.
    await loadFeed();
    const taking = claims.take("refresh", RUNNING_MS, Math.max(RUNNING_MS, minIntervalMs));
    // Sent together: each round trip counts while Redis is slow.
    const [claim] = await Promise.all([taking, learnPauses(this.#options)]);
    return claim;
  }

  async #requestOnce(): Promise<Refreshed> {
    const start = this.#options.clock.elapsed();
    const claim = await this.#take();
    if (claim === undefined) return replay(await this.#awaitRecord(start));
    const { outcome } = await this.#run(claim, { tries: 1, isTick: false });
    if ("error" in outcome) throw outcome.error;
    return { report: outcome.report, isReplayed: false };
  }

  /** Reads the record; while the first refresh of all runs there is none yet. */
  async #awaitRecord(start: number): Promise<LastRefresh | undefined> {
    const { record, clock, sleep, signal } = this.#options;
    for (let sleptMs = 0;; sleptMs += FIRST_STEP_MS) {
      const last = await record.read();
      const waitedMs = Math.max(sleptMs, clock.elapsed() - start);
      if (last !== undefined || waitedMs + FIRST_STEP_MS > FIRST_MS) return last;
      await sleep(FIRST_STEP_MS, signal);
    }
  }

  async #run(claim: Claim, { tries, isTick }: Run): Promise<RefreshEnd> {
    const end = await refresh(this.#options, tries);
    await this.#finish(claim, this.#describe(end, isTick));
    this.#options.onEnd(end);
    return end;
  }

  /** Records the result before the claim ends, so that a request in the interval finds it. */
  async #finish(claim: Claim, described: Promise<LastRefresh>): Promise<void> {
    const { record, minIntervalMs, log } = this.#options;
    const finishing = [
      described.then((last) => record.write(last)),
      claim.endIn(minIntervalMs),
    ];
    for (const outcome of await Promise.allSettled(finishing)) {
      if (outcome.status === "rejected") {
        log.warn("the end of a refresh was not recorded", { error: outcome.reason });
      }
    }
  }

  async #describe(end: RefreshEnd, isTick: boolean): Promise<LastRefresh> {
    const { feed, outcome, failures, answered } = end;
    const { record, clock } = this.#options;
    // A source that failed keeps the time of its last success, a request that of the last tick.
    const previous = await record.read();
    feed.pauses?.merge(previous?.pauses ?? {});
    const at = new Date(clock.now()).toISOString();
    const tickedAt = isTick ? at : previous?.ticked_at;
    return {
      ended_at: at,
      ...tickedAt !== undefined && { ticked_at: tickedAt },
      result: "report" in outcome ? outcome : { failure: describeError(outcome.error) },
      sources: describeSources(feed, { failures, answered, previous, at }),
      ...feed.pauses && { pauses: feed.pauses.list() },
    };
  }
}

function describeError(error: unknown): RefreshFailure {
  if (error instanceof FeedError) {
    const { fault, message, retryAfterMs } = error;
    return { fault, message, ...retryAfterMs !== undefined && { retry_after_ms: retryAfterMs } };
  }
  const message = error instanceof StoreError ? error.message : "The refresh failed unexpectedly";
  return { fault: "store", message };
}

function replay(last: LastRefresh | undefined): Refreshed {
  if (last === undefined) {
    throw new BusyError("The first refresh is still running; ask again in a few seconds");
  }
  if ("report" in last.result) return { report: last.result.report, isReplayed: true };
  throw new ReplayedError(toError(last.result.failure));
}

function toError({ fault, message, retry_after_ms: retryAfterMs }: RefreshFailure) {
  if (fault === "store") return new StoreError(message);
  return new FeedError(fault, message, { retryAfterMs });
}
