import { BusyError, FeedError, StoreError } from "../core/errors.ts";
import type { Claims, RefreshRecord } from "../core/ports.ts";
import type { LastRefresh, RefreshFailure, RefreshReport } from "../core/refresh_report.ts";
import { refresh, type RefreshEnd, type RefreshParts } from "./refresh.ts";
import { describeSources } from "./source_health.ts";

/** How long a refresh may hold its claim if its instance dies: longer than any refresh takes. */
const RUNNING_MS = 30_000;

/** No client waits for a tick: a source that fails is asked again. */
const TICK_TRIES = 3;

const WAIT_STEP_MS = 1_000;

/** What deciding about refreshes needs. */
export interface RefresherOptions extends RefreshParts {
  claims: Claims;
  record: RefreshRecord;
  /** How soon after a refresh of any instance the next may begin, in milliseconds. */
  minIntervalMs: number;
  /** Is called at the end of each refresh. */
  onEnd: (end: RefreshEnd) => void;
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
   * @throws {BusyError} when the first refresh of all is still running
   */
  request(): Promise<Refreshed> {
    return this.#requested ??= this.#requestOnce().finally(() => this.#requested = undefined);
  }

  /**
   * Refreshes because it is time, with up to three tries per source; waits up to `maxWaitMs` for a
   * refresh that runs or ended just now.
   *
   * @returns whether it refreshed
   */
  async runScheduled(maxWaitMs: number): Promise<boolean> {
    const { claims, sleep, signal } = this.#options;
    for (let waitedMs = 0; !await claims.take("refresh", RUNNING_MS); waitedMs += WAIT_STEP_MS) {
      if (waitedMs >= maxWaitMs) return false;
      await sleep(WAIT_STEP_MS, signal);
    }
    await this.#run(TICK_TRIES);
    return true;
  }

  async #requestOnce(): Promise<Refreshed> {
    const { claims, record } = this.#options;
    if (!await claims.take("refresh", RUNNING_MS)) return replay(await record.read());
    const { outcome } = await this.#run(1);
    if ("error" in outcome) throw outcome.error;
    return { report: outcome.report, isReplayed: false };
  }

  async #run(tries: number): Promise<RefreshEnd> {
    const end = await refresh(this.#options, tries);
    await this.#finish(end);
    this.#options.onEnd(end);
    return end;
  }

  /** Records the result before the claim ends, so that a request in the interval finds it. */
  async #finish(end: RefreshEnd): Promise<void> {
    const { claims, record, minIntervalMs, log } = this.#options;
    const finishing = [
      this.#describe(end).then((last) => record.write(last)),
      claims.endIn("refresh", minIntervalMs),
    ];
    for (const outcome of await Promise.allSettled(finishing)) {
      if (outcome.status === "rejected") {
        log.warn("the end of a refresh was not recorded", { error: outcome.reason });
      }
    }
  }

  async #describe({ feed, outcome, failures }: RefreshEnd): Promise<LastRefresh> {
    const { record, clock } = this.#options;
    // A source that failed keeps the time of its last success.
    const previous = failures.length > 0 ? await record.read() : undefined;
    const at = new Date(clock.now()).toISOString();
    return {
      result: "report" in outcome ? outcome : { failure: describeError(outcome.error) },
      sources: describeSources(feed, { failures, previous, at }),
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
