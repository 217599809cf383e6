import type { Claims, Log, SeriesReader, SeriesWriter } from "../core/ports.ts";
import type { Refresher } from "./refresher.ts";

/** Longer than any clock skew between instances, shorter than a minute. */
const TICK_CLAIM_MS = 50_000;

// With the refresh itself, a tick that waits this long ends before the next one begins.
const MAX_WAIT_MS = 10_000;

/** What the schedule needs. */
export interface ScheduleOptions {
  refresher: Pick<Refresher, "runScheduled">;
  reader: Pick<SeriesReader, "newest">;
  writer: Pick<SeriesWriter, "create">;
  claims: Pick<Claims, "take">;
  /** Loads older hours that are missing. */
  backfill: () => Promise<void>;
  /** Delivers the state to those who asked for it. */
  notify: () => Promise<void>;
  log: Log;
}

/** Decides when to refresh, so that of several instances one does it. */
export class Schedule {
  readonly #options: ScheduleOptions;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Does a minute's work, if no other instance does it. */
  async tick(): Promise<void> {
    const { refresher, backfill, notify } = this.#options;
    if (!await this.#claimTick()) return;
    await this.#attempt("refresh", () => refresher.runScheduled(MAX_WAIT_MS));
    await this.#attempt("backfill", backfill);
    await this.#attempt("notify", notify);
  }

  /** Creates the series, and fills empty ones without waiting for the tick. */
  async prepare(): Promise<void> {
    const { reader, writer, refresher, backfill } = this.#options;
    await writer.create();
    const { price, sentiment } = await reader.newest();
    if (price !== undefined && sentiment !== undefined) return;
    if (await refresher.runScheduled(0)) await backfill();
  }

  async #claimTick(): Promise<boolean> {
    const { claims, log } = this.#options;
    try {
      return await claims.take("tick", TICK_CLAIM_MS);
    } catch (error) {
      log.warn("the tick could not be claimed", { error });
      return false;
    }
  }

  /** A step that fails must not prevent the next one. */
  async #attempt(step: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#options.log.warn("a step of the tick failed", { step, error });
    }
  }
}
