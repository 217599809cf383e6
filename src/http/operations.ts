import type { Readiness } from "../use_cases/readiness.ts";
import { withCommonHeaders } from "./headers.ts";
import { type JsonResponse, replyJson } from "./json.ts";

/** The service's metrics as text. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** What answering those who run the service needs. */
export interface OperationsOptions {
  checkReadiness: () => Promise<Readiness>;
  readMetrics: () => Promise<MetricsText>;
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
export function metricsRoute({ readMetrics }: OperationsOptions): () => Promise<Response> {
  return async () => {
    const { contentType, text } = await readMetrics();
    const headers = withCommonHeaders({ "content-type": contentType, "cache-control": "no-store" });
    return new Response(text, { headers });
  };
}
