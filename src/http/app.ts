import { type Context, Hono } from "hono";
import type { Log } from "../core/ports.ts";
import { problem, ProblemError, toProblem } from "./problem.ts";
import { refreshRoute, type RefreshRouteOptions } from "./refresh.ts";
import { reply, requestIdOf } from "./reply.ts";
import { summaryRoute, type SummaryRouteOptions } from "./summary.ts";

/** What the app needs. */
export interface AppOptions extends SummaryRouteOptions, RefreshRouteOptions {
  log: Log;
}

const PREFLIGHT_HEADERS = {
  "access-control-allow-methods": "GET, HEAD, POST",
  "access-control-allow-headers": "authorization, content-type, if-none-match, x-request-id",
  "access-control-max-age": "86400",
};

/** Builds the app; whoever calls decides where it listens. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  app.get("/is-bitcoin-lit", summaryRoute(options));
  app.post("/refresh", refreshRoute(options));
  app.get("/healthz", (c) => {
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    return reply(c, { headers, body: JSON.stringify({ status: "ok" }) });
  });
  app.notFound(answerUnrouted(app));
  app.onError((error, c) => answerError(error, c, options.log));
  return app;
}

function answerUnrouted(app: Hono): (c: Context) => Response {
  const methods = new Map<string, string[]>();
  for (const { path, method } of app.routes) {
    const allowed = method === "GET" ? ["GET", "HEAD"] : [method];
    methods.set(path, [...methods.get(path) ?? [], ...allowed]);
  }
  return (c) => {
    const allow = methods.get(c.req.path)?.join(", ");
    if (allow === undefined) {
      throw new ProblemError("not-found", "See the README for the paths there are");
    }
    if (c.req.method === "OPTIONS") {
      return reply(c, { status: 204, headers: { ...PREFLIGHT_HEADERS, allow } });
    }
    throw new ProblemError("method-not-allowed", `This path takes ${allow}`, { allow });
  };
}

function answerError(error: Error, c: Context, log: Log): Response {
  const foreseen = toProblem(error);
  if (foreseen !== undefined) return problem(c, foreseen);
  const requestId = requestIdOf(c);
  const { method, path } = c.req;
  log.error("request failed", { method, path, request_id: requestId, error, stack: error.stack });
  const opaque = new ProblemError("internal", "The fault has been logged under the request id");
  return problem(c, opaque, requestId);
}
