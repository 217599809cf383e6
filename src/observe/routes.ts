import type { Context } from "hono";
import * as z from "zod/mini";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { createContentCache } from "../http/content.ts";
import { ok, okWith, problems } from "../http/openapi.ts";
import { type JsonResponse, replyJson } from "../http/reply.ts";

/** The service's metrics as text. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** What answering those who run the service needs. */
export interface OperationsOptions {
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

/** The body of `GET /healthz`. */
const HEALTH = z.strictObject({ status: z.literal("ok") }).check(z.meta({ id: "Health" }));

/** What the OpenAPI document says of these routes. */
export const OBSERVE_PATHS: ZodOpenApiPathsObject = {
  "/healthz": {
    get: {
      operationId: "getHealth",
      tags: ["Operations"],
      summary: "The process is alive",
      description: "Restart it when this fails.",
      responses: { ...ok("It is", HEALTH), ...problems() },
    },
  },
  "/metrics": {
    get: {
      operationId: "getMetrics",
      tags: ["Operations"],
      summary: "Metrics for Prometheus",
      description: "In Prometheus' text format.",
      responses: { ...okWith("The metrics", "text/plain"), ...problems() },
    },
  },
};
