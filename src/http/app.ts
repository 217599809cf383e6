import { type Context, Hono } from "hono";
import { validator } from "hono/validator";
import type { Log } from "../core/ports.ts";
import type { EventStreams } from "./events.ts";
import { type HistoryOptions, historyRoute, readHistoryQuery } from "./history.ts";
import { healthRoute, metricsRoute, type OperationsOptions, readinessRoute } from "./operations.ts";
import { assetRoute, type PageOptions, pageRoute } from "./page.ts";
import { problem, ProblemError, toProblem } from "./problem.ts";
import { type RefreshOptions, refreshRoute } from "./refresh.ts";
import { complete, createRequestId, reply } from "./reply.ts";
import { type SummaryOptions, summaryRoute } from "./summary.ts";

/** What the app needs. */
export interface AppOptions
  extends SummaryOptions, RefreshOptions, HistoryOptions, PageOptions, OperationsOptions {
  streams: Pick<EventStreams, "open">;
  log: Log;
}

/** The app's type: `hc<App>()` of `hono/client` makes a typed client of it. */
export type App = ReturnType<typeof createApp>;

const PREFLIGHT_HEADERS = {
  "access-control-allow-methods": "GET, HEAD, POST",
  "access-control-allow-headers": "authorization, content-type, if-none-match, last-event-id",
  "access-control-max-age": "86400",
};

/** Builds the app; whoever calls decides where it listens. */
export function createApp(options: AppOptions) {
  const history = historyRoute(options);
  const app = new Hono()
    .get("/is-bitcoin-lit", summaryRoute(options))
    .post("/refresh", refreshRoute(options))
    .get("/history", validator("query", readHistoryQuery), (c) => history(c, c.req.valid("query")))
    .get("/events", (c) => options.streams.open(c))
    .get("/", pageRoute(options))
    .get("/assets/:name", assetRoute(options))
    .get("/healthz", healthRoute)
    .get("/readyz", readinessRoute(options))
    .get("/metrics", metricsRoute(options))
    .get("/openapi.json", async () => (await import("./openapi.ts")).replyOpenApi())
    .get("/docs", async () => (await import("./docs.ts")).replyDocs())
    .get(
      "/docs/:file",
      async (c) => (await import("./docs.ts")).replyDocsFile(c.req.param("file")),
    );
  app.notFound(answerUnrouted(app));
  app.onError((error, c) => answerError(error, c, options.log));
  return app;
}
function answerUnrouted({ router }: Pick<Hono, "router">): (c: Context) => Response {
  return (c) => {
    const { method, path } = c.req;
    const known = ["GET", "POST"].filter((other) => router.match(other, path)[0].length > 0);
    if (known.length === 0) {
      throw new ProblemError("not-found", "See /docs for the paths there are");
    }
    const allow = known.join(", ").replace("GET", "GET, HEAD");
    if (method === "OPTIONS") {
      return reply({ status: 204, headers: complete({ ...PREFLIGHT_HEADERS, allow }) });
    }
    throw new ProblemError("method-not-allowed", `This path takes ${allow}`, { allow });
  };
}

function answerError(error: Error, c: Context, log: Log): Response {
  const foreseen = toProblem(error);
  if (foreseen !== undefined) return problem(foreseen);
  const requestId = createRequestId();
  const { method, path } = c.req;
  log.error("request failed", { method, path, request_id: requestId, error, stack: error.stack });
  const opaque = new ProblemError("internal", "The fault has been logged under the request id");
  return problem(opaque, requestId);
}
