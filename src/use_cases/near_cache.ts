import type { Clock } from "../core/ports.ts";

const FRESH_MS = 1_000;
const RENEWABLE_MS = 5_000;
const KEPT_MS = 3_600_000;

/** How long a failed load is not tried again while there is a value to give out. */
const RETRY_MS = 1_000;

/**
 * Keeps one value close by: fresh for 1 s, given out while one load renews it for up to 5 s, and
 * kept for an hour for when loads fail (RFC 5861: stale-while-revalidate, stale-if-error).
 */
export class NearCache<T> {
  readonly #load: () => Promise<T>;
  readonly #clock: Clock;
  #kept: { readonly value: T; readonly at: number } | undefined;
  #failedAt = -Infinity;
  #loading: Promise<T> | undefined;
  #turn = 0;
  #hits = 0;

  constructor(load: () => Promise<T>, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
  }

  /** The value that is kept, however old. */
  get kept(): T | undefined {
    return this.#kept?.value;
  }

  /** How many reads were answered with what was kept. */
  get hits(): number {
    return this.#hits;
  }

  /** The value: at once where one is kept, else when it is loaded. */
  get(): T | Promise<T> {
    if (this.#kept === undefined) return this.#loadOnce();
    const { value, at } = this.#kept;
    const now = this.#clock();
    if (now - at > KEPT_MS) return this.#loadOnce();
    const failing = this.#failedAt > at;
    if (now - at > RENEWABLE_MS && !failing) return this.#loadOnce().catch(() => value);
    if (now - at > FRESH_MS && now - this.#failedAt > RETRY_MS) this.#loadOnce().catch(() => {});
    this.#hits++;
    return value;
  }

  /** Takes a value that is newer than what any load under way will bring. */
  put(value: T): void {
    this.#turn++;
    this.#loading = undefined;
    this.#kept = { value, at: this.#clock() };
  }

  /** One load at a time, however many wait for it; a failed one is forgotten. */
  #loadOnce(): Promise<T> {
    return this.#loading ??= this.#loadAndKeep(++this.#turn);
  }

  async #loadAndKeep(turn: number): Promise<T> {
    try {
      const value = await this.#load();
      if (turn === this.#turn) this.put(value);
      return value;
    } catch (error) {
      if (turn === this.#turn) {
        this.#loading = undefined;
        this.#failedAt = this.#clock();
      }
      throw error;
    }
  }
}
