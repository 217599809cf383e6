import type { AnsweredRequest } from "../http/handler.ts";

/** How a refresh ended. */
export interface EndedRefresh {
  /** `ok`, `partial` if a source failed, or the name of a problem. */
  readonly outcome: string;
  /** Numbers of samples by outcome. @default {} */
  readonly samples?: Readonly<Record<string, number>>;
  /** The sources that failed. @default [] */
  readonly failedSources?: readonly string[];
}

/** The upper bounds of the buckets that durations are counted in, in seconds. */
export const BUCKET_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 10];

/** The label of requests whose path has no route. */
const UNMATCHED = "unmatched";

/** How an error passed everything by: in a promise, or thrown in a callback. */
export type UnhandledKind = "rejection" | "exception";

/** How often, and how long, something took; `counts` has one bucket more than there are bounds. */
export interface Durations {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly counts: number[];
  seconds: number;
}

/**
 * Counts what happens, in plain numbers: the Prometheus client's histogram alone would take a tenth of the
 * time that a read takes.
 */
export class Tally {
  readonly #requests = new Map<string, Map<number, Durations>>();
  /** Refreshes by outcome. */
  readonly refreshes = new Map<string, number>();
  /** Samples by outcome. */
  readonly samples = new Map<string, number>();
  /** Failures by source. */
  readonly sourceFailures = new Map<string, number>();
  /** Webhook deliveries by outcome. */
  readonly webhooks = new Map<string, number>();
  /** Errors that nothing handled, by kind; from 0 on, so that the first one is seen as an increase. */
  readonly unhandled = new Map<string, number>([["rejection", 0], ["exception", 0]]);

  /** The requests by method, route and status. */
  get requests(): Durations[] {
    return [...this.#requests.values()].flatMap((byStatus) => [...byStatus.values()]);
  }

  /** Counts a request. */
  countRequest({ method, route = UNMATCHED, status, seconds }: AnsweredRequest): void {
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
  countRefresh({ outcome, samples = {}, failedSources = [] }: EndedRefresh): void {
    add(this.refreshes, outcome, 1);
    for (const [fate, count] of Object.entries(samples)) add(this.samples, fate, count);
    for (const source of failedSources) add(this.sourceFailures, source, 1);
  }

  /** Counts a webhook delivery. */
  countWebhook(outcome: string): void {
    add(this.webhooks, outcome, 1);
  }

  /** Counts an error that nothing handled. */
  countUnhandled(kind: UnhandledKind): void {
    add(this.unhandled, kind, 1);
  }

  #begin(key: string, labels: Pick<Durations, "method" | "route" | "status">): Durations {
    const counts: number[] = new Array(BUCKET_SECONDS.length + 1).fill(0);
    const durations = { ...labels, counts, seconds: 0 };
    const byStatus = this.#requests.get(key) ?? new Map<number, Durations>();
    this.#requests.set(key, byStatus.set(labels.status, durations));
    return durations;
  }
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
