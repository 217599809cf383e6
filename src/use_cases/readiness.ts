import type { Clock, SeriesReader } from "../core/ports.ts";

/** Whether the service can do its work, and how old what it has is. */
export interface Readiness {
  readonly status: "ready";
  readonly redis: { readonly status: "up"; readonly latency_ms: number };
  readonly data: { readonly as_of: string | null; readonly age_seconds: number | null };
}

/** What {@linkcode checkReadiness} needs. */
export interface ReadinessOptions {
  series: Pick<SeriesReader, "newest">;
  clock: Clock;
}

/**
 * Asks Redis for the newest samples.
 *
 * @throws {StoreError} when Redis can't be used: away, too slow, or without time series
 */
export async function checkReadiness({ series, clock }: ReadinessOptions): Promise<Readiness> {
  const start = performance.now();
  const { price, sentiment } = await series.newest();
  const latency = Math.round((performance.now() - start) * 100) / 100;
  const asOf = price === undefined || sentiment === undefined ? null : Math.min(price, sentiment);
  return {
    status: "ready",
    redis: { status: "up", latency_ms: latency },
    data: {
      as_of: asOf === null ? null : new Date(asOf).toISOString(),
      age_seconds: asOf === null ? null : Math.round((clock() - asOf) / 1_000),
    },
  };
}
