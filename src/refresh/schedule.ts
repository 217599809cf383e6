import type { Log } from "../log.ts";
import type { Claims } from "../redis/claims.ts";
import type { Series } from "../redis/series.ts";
import type { SeriesWriter } from "../redis/series_writer.ts";
import { MINUTE_MS } from "../samples/bucket.ts";
import type { Clock } from "../samples/clock.ts";
import type { RefreshRecord } from "./record.ts";
import type { Refresher } from "./refresher.ts";

/** Longer than any clock skew between instances, shorter than a minute. */
const TICK_CLAIM_MS = 50_000;

/** What is still running then has the rest of the claim to end. */
const DEADLINE_MS = 45_000;

const MAX_WAIT_MS = 10_000;

/** As long as notifying can take. */
const NOTIFY_MS = 22_000;

const MIN_BACKFILL_MS = 1_000;

const MAX_IDLE_TICKS = 3;

/** What the schedule needs. */
export interface ScheduleOptions {
  refresher: Pick<Refresher, "runScheduled">;
  reader: Pick<Series, "newest">;
  writer: Pick<SeriesWriter, "create">;
  claims: Pick<Claims, "take">;
  record: Pick<RefreshRecord, "read">;
  /** The pause between refreshes, in milliseconds: no tick refreshes within it. */
  minIntervalMs: number;
  /** Loads older hours that are missing; their sources may take `withinMs`. */
  backfill: (withinMs?: number) => Promise<void>;
  /** Lets hours be loaded again that were lost. */
  checkMarks: () => Promise<void>;
  /** Delivers the state to those who asked for it. */
  notify: () => Promise<void>;
  clock: Clock;
  log: Log;
}

/** A part of a tick, in milliseconds of the monotonic clock. */
interface Step {
  readonly step: string;
  /** How much time it needs. */
  readonly needsMs: number;
  /** When the tick's time is over. */
  readonly end: number;
}

/** Decides when to refresh, so that of several instances one does it. */
export class Schedule {
  readonly #options: ScheduleOptions;
  /** The record of the last refresh that this instance saw, as text. */
  #seen: string | undefined;
  #idleTicks = 0;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Does a minute's work, if no other instance does it. */
  async tick(): Promise<void> {
    const { refresher, backfill, notify, clock } = this.#options;
    await this.#watch();
    const end = clock.elapsed() + DEADLINE_MS;
    if (!await this.#claimTick()) return;
    await this.#attempt(
      { step: "refresh", needsMs: 0, end },
      () => refresher.runScheduled(MAX_WAIT_MS),
    );
    await this.#attempt({ step: "notify", needsMs: NOTIFY_MS, end }, notify);
    await this.#attempt({ step: "backfill", needsMs: MIN_BACKFILL_MS, end }, backfill);
  }

  /** Creates the series, and refreshes without waiting for the tick if that was missed. */
  async prepare(): Promise<void> {
    const { writer, refresher, backfill, checkMarks } = this.#options;
    const isDue = () => this.#isDue();
    await writer.create();
    await checkMarks();
    // Asked again there: another instance may have refreshed meanwhile.
    if (await isDue() && await refresher.runScheduled(0, isDue)) await backfill();
  }

  /** Whether a series is empty, or no instance has refreshed for a minute. */
  async #isDue(): Promise<boolean> {
    const { reader, record, clock } = this.#options;
    const { price, sentiment } = await reader.newest();
    if (price === undefined || sentiment === undefined) return true;
    const agoMs = clock.now() - Date.parse((await record.read())?.ended_at ?? "");
    return !(agoMs >= 0 && agoMs <= MINUTE_MS);
  }

  /** Says when the ticks of no instance have refreshed for a while: a claim may be stuck. */
  async #watch(): Promise<void> {
    const { record, minIntervalMs, log } = this.#options;
    const last = await record.read().catch(() => undefined);
    const seen = last === undefined ? this.#seen : JSON.stringify(last);
    this.#idleTicks = seen === this.#seen ? this.#idleTicks + 1 : 0;
    this.#seen = seen;
    if (this.#idleTicks !== MAX_IDLE_TICKS + Math.floor(minIntervalMs / MINUTE_MS)) return;
    log.error("no instance refreshes", { ticks: this.#idleTicks, last_tick: last?.ticked_at });
  }

  async #claimTick(): Promise<boolean> {
    const { claims, log } = this.#options;
    try {
      return await claims.take("tick", TICK_CLAIM_MS) !== undefined;
    } catch (error) {
      log.warn("the tick could not be claimed", { error });
      return false;
    }
  }

  /** A step that fails must not prevent the next one. */
  async #attempt(
    { step, needsMs, end }: Step,
    run: (leftMs: number) => Promise<unknown>,
  ): Promise<void> {
    const { clock, log } = this.#options;
    const leftMs = end - clock.elapsed();
    if (leftMs < needsMs) {
      return log.warn("the tick has no time for a step", { step, left_ms: Math.round(leftMs) });
    }
    try {
      await run(leftMs);
    } catch (error) {
      log.warn("a step of the tick failed", { step, error });
    }
  }
}
