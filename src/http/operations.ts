import type { Readiness } from "../use_cases/readiness.ts";
import { type JsonResponse, replyJson } from "./json.ts";
import { complete, reply } from "./reply.ts";

/** The service's metrics as text. */
export interface MetricsText {
  readonly contentType: string;
  render(): Promise<string>;
}

/** What it takes to answer those who run the service. */
export interface OperationsOptions {
  checkReadiness: () => Promise<Readiness>;
  /** Loads the metrics when they are first asked for: a start without them is faster. */
  loadMetrics: () => Promise<MetricsText>;
}

/** Answers as long as the process lives. */
export function healthRoute(): JsonResponse<{ status: "ok" }> {
  return replyJson({ status: "ok" });
}

/** Answers whether the service can do its work. */
export function readinessRoute(
  { checkReadiness }: OperationsOptions,
): () => Promise<JsonResponse<Readiness>> {
  return async () => replyJson(await checkReadiness());
}

/** Answers with the metrics. */
export function metricsRoute(
  { loadMetrics }: OperationsOptions,
): () => Promise<Response> {
  let loading: Promise<MetricsText> | undefined;
  return async () => {
    const metrics = await (loading ??= loadMetrics());
    const { contentType } = metrics;
    const headers = complete({ "content-type": contentType, "cache-control": "no-store" });
    return reply({ headers, body: await metrics.render() });
  };
}
