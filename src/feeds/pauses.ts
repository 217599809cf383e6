import * as z from "zod/mini";
import { HOUR_MS } from "../samples/bucket.ts";
import { MAX_AHEAD_MS } from "../samples/sample.ts";

/** No address is left alone for longer, whatever it asks for. */
export const MAX_PAUSE_MS = HOUR_MS;

/** When an address asked not to be asked (ISO 8601, UTC, of the asker's clock), and for how long. */
const PAUSE = z.object({
  asked_at: z.iso.datetime(),
  pause_ms: z.int().check(z.nonnegative()),
});

/** Pauses by address, as they are kept for other instances and over restarts. */
export const PAUSES = z.record(z.string(), PAUSE);

/** What {@linkcode PAUSES} parses. */
export type KeptPauses = Readonly<Record<string, Readonly<z.infer<typeof PAUSE>>>>;

interface Pause {
  /** Unix milliseconds. */
  readonly askedAt: number;
  readonly ms: number;
}

/**
 * Which addresses must not be asked now. All sources of a feed share one object, its backfill's as well;
 * a refresh merges what other instances keep, and keeps what it holds then.
 */
export class Pauses {
  readonly #now: () => number;
  readonly #byAddress = new Map<string, Pause>();

  /** @param now the wall clock in Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long an address must not be asked, in milliseconds; 0 if it may be asked. */
  leftMs(address: string): number {
    return this.#leftMs(this.#byAddress.get(address));
  }

  /** Leaves an address alone for `ms` milliseconds, an hour at most. */
  add(address: string, ms: number): void {
    this.#keepLonger(address, { askedAt: this.#now(), ms: Math.min(Math.ceil(ms), MAX_PAUSE_MS) });
  }

  /** Adds pauses that were kept; of two for one address the one that ends later counts. */
  merge(kept: KeptPauses): void {
    for (const [address, { asked_at, pause_ms }] of Object.entries(kept)) {
      this.#keepLonger(address, { askedAt: Date.parse(asked_at), ms: pause_ms });
    }
  }

  /** The pauses that still last. */
  list(): KeptPauses {
    const lasting = [...this.#byAddress].filter(([, pause]) => this.#leftMs(pause) > 0);
    return Object.fromEntries(lasting.map(([address, { askedAt, ms }]) => [
      address,
      { asked_at: new Date(askedAt).toISOString(), pause_ms: ms },
    ]));
  }

  #keepLonger(address: string, pause: Pause): void {
    if (this.#leftMs(pause) > this.leftMs(address)) this.#byAddress.set(address, pause);
  }

  /** A pause that began far ahead was written by a wrong clock, or this clock has stepped back. */
  #leftMs(pause: Pause | undefined): number {
    if (pause === undefined) return 0;
    const passedMs = this.#now() - pause.askedAt;
    if (passedMs < -MAX_AHEAD_MS || passedMs >= MAX_PAUSE_MS) return 0;
    return Math.max(0, Math.min(pause.ms, MAX_PAUSE_MS) - Math.max(0, passedMs));
  }
}
