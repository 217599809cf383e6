import { type JsonResponse, replyJson } from "../http/reply.ts";
import type { OperationsOptions } from "../observe/routes.ts";
import { withStoreDeadline } from "../redis/command.ts";
import type { SeriesReader } from "../redis/series.ts";
import type { Clock } from "../samples/clock.ts";
import type { RefreshRecord } from "./record.ts";
import type { SourceHealth } from "./report.ts";

/** Whether the service can do its work, and how old its data is. */
export interface Readiness {
  readonly status: "ready";
  readonly redis: { readonly status: "up"; readonly latency_ms: number };
  /** The older of the two series' newest samples; `none` while one of them is empty. */
  readonly data: "none" | { readonly as_of: string; readonly age_seconds: number };
  readonly sources: readonly SourceHealth[];
  /** The answer rests on fewer sources than it should; absent if it does not. */
  readonly degraded?: true;
  /** When a tick of any instance last refreshed, ISO 8601, UTC; `null` before the first. */
  readonly last_tick: string | null;
}

/** What {@linkcode checkReadiness} needs. */
export interface ReadinessOptions {
  series: Pick<SeriesReader, "newest">;
  record: Pick<RefreshRecord, "read">;
  clock: Clock;
}

/**
 * Checks that Redis can be used, and how old the newest samples are.
 *
 * @throws {StoreError} when Redis cannot be used: away, too slow, or without time series
 */
export async function checkReadiness(options: ReadinessOptions): Promise<Readiness> {
  const { series, record, clock } = options;
  const start = clock.elapsed();
  const newest = await series.newest();
  const latency = Math.round((clock.elapsed() - start) * 100) / 100;
  const last = await withStoreDeadline(record.read());
  return {
    status: "ready",
    redis: { status: "up", latency_ms: latency },
    data: describeData(newest, clock.now()),
    sources: last?.sources ?? [],
    ...last && "report" in last.result && last.result.report.degraded && { degraded: true },
    last_tick: last?.ticked_at ?? null,
  };
}

function describeData(
  { price, sentiment }: Awaited<ReturnType<SeriesReader["newest"]>>,
  now: number,
): Readiness["data"] {
  if (price === undefined || sentiment === undefined) return "none";
  const asOf = Math.min(price, sentiment);
  return {
    as_of: new Date(asOf).toISOString(),
    age_seconds: Math.round((now - asOf) / 1_000),
  };
}

/** Answers whether the service can do its work. */
export function readinessRoute(
  { checkReadiness }: OperationsOptions,
): () => Promise<JsonResponse<Readiness>> {
  return async () => replyJson(await checkReadiness());
}
