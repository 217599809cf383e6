/** The upper bounds of the buckets that durations are counted in, in seconds. */
export const BUCKET_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 10];

/** A request that has been answered; `route` is the pattern of its path. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** How a refresh ended: `ok` or the type of a problem, and what became of its samples. */
export interface EndedRefresh {
  readonly outcome: string;
  readonly samples?: Readonly<Record<string, number>>;
}

/** How often, and how long, something took; `counts` has a bucket more than there are bounds. */
export interface Durations {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly counts: number[];
  seconds: number;
}

/**
 * Counts what happens, in plain numbers: prom-client's histogram alone would take a tenth of the
 * time that a read takes.
 */
export class Tally {
  readonly #requests = new Map<string, Map<number, Durations>>();
  /** How many refreshes ended how. */
  readonly refreshes = new Map<string, number>();
  /** How many samples of the feed came to what. */
  readonly samples = new Map<string, number>();

  /** The requests by method, route and status. */
  get requests(): Durations[] {
    return [...this.#requests.values()].flatMap((byStatus) => [...byStatus.values()]);
  }

  /** Counts a request. */
  countRequest({ method, route, status, seconds }: AnsweredRequest): void {
    // Most are GET: their key needs no new string.
    const key = method === "GET" ? route : `${method} ${route}`;
    const known = this.#requests.get(key)?.get(status);
    const durations = known ?? this.#begin(key, { method, route, status });
    let bucket = 0;
    while (seconds > (BUCKET_SECONDS[bucket] ?? Infinity)) bucket++;
    durations.counts[bucket] = (durations.counts[bucket] ?? 0) + 1;
    durations.seconds += seconds;
  }

  /** Counts a refresh. */
  countRefresh({ outcome, samples = {} }: EndedRefresh): void {
    this.refreshes.set(outcome, (this.refreshes.get(outcome) ?? 0) + 1);
    for (const [fate, count] of Object.entries(samples)) {
      this.samples.set(fate, (this.samples.get(fate) ?? 0) + count);
    }
  }

  #begin(key: string, labels: Pick<Durations, "method" | "route" | "status">): Durations {
    const counts = new Array(BUCKET_SECONDS.length + 1).fill(0);
    const durations = { ...labels, counts, seconds: 0 };
    const byStatus = this.#requests.get(key) ?? new Map<number, Durations>();
    this.#requests.set(key, byStatus.set(labels.status, durations));
    return durations;
  }
}
