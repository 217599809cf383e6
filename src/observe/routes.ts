import { Lazy } from "@std/async/lazy";
import type { Context } from "hono";
import * as z from "zod/mini";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { IF_NONE_MATCH, ok, okWithOrKnown, problems } from "../http/openapi.ts";
import { createContentCache, createRecent } from "../http/content.ts";
import { type JsonResponse, replyJson } from "../http/reply.ts";
import type { MetricsSources } from "./metrics.ts";

/** Answers as long as the process lives. */
export function healthRoute(): JsonResponse<{ status: "ok" }> {
  return replyJson({ status: "ok" });
}

/** Answers with the metrics. They are loaded when first asked for: that takes a fifth of the start. */
export function metricsRoute(sources: MetricsSources): (c: Context) => Promise<Response> {
  const metrics = new Lazy(async () => (await import("./metrics.ts")).createMetrics(sources));
  const readRecent = createRecent(async () => {
    const { contentType, render } = await metrics.get();
    return { contentType, text: await render() };
  }, sources.clock);
  const contentOf = createContentCache(({ contentType, text }: MetricsText) => ({
    body: text,
    headers: { "content-type": contentType, "cache-control": "no-store" },
  }));
  return async (c) => await contentOf(await readRecent()).reply(c.req.raw);
}

interface MetricsText {
  readonly contentType: string;
  readonly text: string;
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
      requestParams: { header: IF_NONE_MATCH },
      responses: { ...okWithOrKnown("The metrics", "text/plain"), ...problems() },
    },
  },
};
