import type { Context } from "hono";
import type { Readiness } from "../service/readiness.ts";
import { type JsonResponse, replyJson } from "./json.ts";
import { reply } from "./reply.ts";

/** The service's metrics as text. */
export interface MetricsText {
  readonly contentType: string;
  render(): Promise<string>;
}

/** What it takes to answer those who run the service. */
export interface OperationsOptions {
  checkReadiness: () => Promise<Readiness>;
  metrics: { load(): Promise<MetricsText> };
}

/** Answers as long as the process lives. */
export function healthRoute(c: Context): JsonResponse<{ status: "ok" }> {
  return replyJson(c.req.raw, { status: "ok" });
}

/** Answers whether the service can do its work. */
export function readinessRoute(
  { checkReadiness }: OperationsOptions,
): (c: Context) => Promise<JsonResponse<Readiness>> {
  return async (c) => replyJson(c.req.raw, await checkReadiness());
}

/** Answers with the metrics. */
export function metricsRoute(
  { metrics }: OperationsOptions,
): (c: Context) => Promise<Response> {
  return async (c) => {
    const loaded = await metrics.load();
    const headers = { "content-type": loaded.contentType, "cache-control": "no-store" };
    return reply(c.req.raw, { headers, body: await loaded.render() });
  };
}
