import type { ZodOpenApiPathsObject } from "zod-openapi";
import { ok, problems } from "../http/openapi.ts";
import { type JsonResponse, replyJson } from "../http/reply.ts";
import { type Client, toStoreError, withStoreDeadline } from "../redis/command.ts";
import type { Series } from "../redis/series.ts";
import type { Clock } from "../samples/clock.ts";
import type { RefreshRecord } from "./record.ts";
import { READINESS, type Readiness } from "./wire.ts";

/** What {@linkcode checkReadiness} needs. */
export interface ReadinessOptions {
  series: Pick<Series, "newest">;
  client: Pick<Client, "refusals">;
  record: Pick<RefreshRecord, "read">;
  clock: Clock;
}

/**
 * Checks that Redis can be used, and how old the newest samples are.
 *
 * @throws {StoreError} when Redis cannot be used: away, too slow, too old, or lacking a command or a right
 */
export async function checkReadiness(options: ReadinessOptions): Promise<Readiness> {
  const { series, client, record, clock } = options;
  const start = clock.elapsed();
  const newest = await series.newest();
  // Reading works: what lacks is a command or a right to write.
  for (const refusal of client.refusals?.values() ?? []) throw toStoreError(refusal);
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
  { price, sentiment }: Awaited<ReturnType<Series["newest"]>>,
  now: number,
): Readiness["data"] {
  if (price === undefined || sentiment === undefined) return "none";
  const asOf = Math.min(price, sentiment);
  return {
    as_of: new Date(asOf).toISOString(),
    age_seconds: Math.round((now - asOf) / 1_000),
  };
}

/** What answering whether the service can do its work needs. */
export interface ReadinessRouteOptions {
  checkReadiness: () => Promise<Readiness>;
}

/** Answers whether the service can do its work. */
export function readinessRoute(
  { checkReadiness }: ReadinessRouteOptions,
): () => Promise<JsonResponse<Readiness>> {
  return async () => replyJson(await checkReadiness());
}

/** What the OpenAPI document says of the readiness. */
export const READINESS_PATHS: ZodOpenApiPathsObject = {
  "/readyz": {
    get: {
      operationId: "getReadiness",
      tags: ["Operations"],
      summary: "The service can do its work",
      description: "Says how old the data is, and when each source last answered.",
      responses: { ...ok("It can", READINESS), ...problems("store-unavailable") },
    },
  },
};
