import type { Claims, Clock, SeriesReader, SeriesWriter } from "../core/ports.ts";
import type { Refresher } from "./refresh.ts";

const TICK_MS = 60_000;
const TICK_CLAIM_SECONDS = 120;
const FILL_CLAIM_SECONDS = 30;

/** Nobody waits for a tick: a feed that fails is asked again. */
const TRIES = 3;

/** What the schedule needs. */
export interface ScheduleOptions {
  refresher: Pick<Refresher, "refresh">;
  series: Pick<SeriesWriter, "create"> & Pick<SeriesReader, "newest">;
  claims: Claims;
  clock: Clock;
}

/** Decides when to refresh, so that of several instances one does it. */
export class Schedule {
  readonly #options: ScheduleOptions;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Refreshes once a minute; the slot is rounded, as clocks of instances differ a little. */
  async tick(): Promise<void> {
    const slot = Math.round(this.#options.clock() / TICK_MS);
    await this.#refreshOnce(`refresh:${slot}`, TICK_CLAIM_SECONDS);
  }

  /** Makes the series, and fills them without waiting for the tick where they are empty. */
  async prepare(): Promise<void> {
    const { series } = this.#options;
    await series.create();
    const { price, sentiment } = await series.newest();
    if (price !== undefined && sentiment !== undefined) return;
    await this.#refreshOnce("fill", FILL_CLAIM_SECONDS);
  }

  async #refreshOnce(claim: string, seconds: number): Promise<void> {
    const { claims, refresher } = this.#options;
    if (!await claims.take(claim, seconds)) return;
    // The refresher has logged its failure; the next tick tries again.
    await refresher.refresh({ tries: TRIES, maxAgeMs: 0 }).catch(() => {});
  }
}
