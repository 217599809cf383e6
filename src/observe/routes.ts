import type { Context } from "hono";
import { createContentCache } from "../http/content.ts";
import { type JsonResponse, replyJson } from "../http/reply.ts";
import type { Readiness } from "../refresh/readiness.ts";

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

/** Answers with the metrics. */
export function metricsRoute(
  { readMetrics }: OperationsOptions,
): (c: Context) => Promise<Response> {
  const contentOf = createContentCache(({ contentType, text }: MetricsText) => ({
    body: text,
    headers: { "content-type": contentType, "cache-control": "no-store" },
  }));
  return async (c) => await contentOf(await readMetrics()).reply(c.req.raw);
}
