import { Lazy } from "@std/async/lazy";
import { type Context, Hono, type Next } from "hono";
import { cors } from "hono/cors";
import { validator } from "hono/validator";
import { FeedError, type FeedFault } from "./feeds/errors.ts";
import {
  describeHistory,
  historyCsvRoute,
  type HistoryOptions,
  historyRoute,
  readHistoryQuery,
} from "./history/routes.ts";
import type { Docs } from "./http/docs.ts";
import {
  BusyError,
  isUnauthorized,
  ProblemError,
  type ProblemName,
  ProblemReplier,
  replyUnforeseen,
  unforeseen,
} from "./http/problem.ts";
import { replyRedirect, type ResponseHeaders, withCommonHeaders } from "./http/reply.ts";
import type { Log } from "./log.ts";
import type { MetricsSources } from "./observe/metrics.ts";
import { healthRoute, metricsRoute, OBSERVE_PATHS } from "./observe/routes.ts";
import { StoreError } from "./redis/command.ts";
import {
  READINESS_PATHS,
  readinessRoute,
  type ReadinessRouteOptions,
} from "./refresh/readiness.ts";
import { ReplayedError } from "./refresh/refresher.ts";
import {
  LIMIT_BODY,
  REFRESH_PATHS,
  type RefreshOptions,
  refreshRoute,
  requireToken,
  unauthorized,
} from "./refresh/routes.ts";
import type { EventStreams } from "./summary/events.ts";
import { NoDataError } from "./summary/load.ts";
import {
  badgeJsonRoute,
  badgeRoute,
  litTextRoute,
  SUMMARY_PATHS,
  type SummaryOptions,
  summaryRoute,
} from "./summary/routes.ts";
import {
  atomRoute,
  describeTrackRecord,
  readTrackRecordQuery,
  trackRecordRoute,
  type TrackRecordRouteOptions,
} from "./track_record/routes.ts";
import type { Web, WebOptions } from "./web/routes.ts";

/** What the app needs. */
export type AppOptions =
  & SummaryOptions
  & RefreshOptions
  & HistoryOptions
  & TrackRecordRouteOptions
  & WebOptions
  & ReadinessRouteOptions
  & MetricsSources
  & {
    streams: Pick<EventStreams, "open">;
    /** The token that `POST /refresh` needs; `undefined` lets everyone refresh. */
    refreshToken: string | undefined;
    log: Log;
  };

/** The app's type: `hc<App>()` of `hono/client` turns it into a typed client. */
export type App = ReturnType<typeof createApp>;

/** Answers CORS preflight requests, and allows every header that one asks for. */
const PREFLIGHT = cors({
  origin: "*",
  allowMethods: ["GET", "HEAD", "POST"],
  maxAge: 86_400,
});

/** Creates the app; the caller decides where it listens. */
export function createApp(options: AppOptions) {
  const query = validator("query", readHistoryQuery);
  const days = validator("query", readTrackRecordQuery);
  const trackRecord = trackRecordRoute(options);
  const history = historyRoute(options);
  const historyCsv = historyCsvRoute(options);
  const web = webRoute(options);
  const docs = docsRoute(options);
  const app = new Hono()
    .get("/is-bitcoin-lit", summaryRoute(options))
    .post("/refresh", LIMIT_BODY, requireToken(options.refreshToken), refreshRoute(options))
    .get("/history", query, (c) => history(c, c.req.valid("query")))
    .get("/history.csv", query, (c) => historyCsv(c, c.req.valid("query")))
    .get("/track-record", days, (c) => trackRecord(c, c.req.valid("query")))
    .get("/lit.txt", litTextRoute(options))
    .get("/badge.svg", badgeRoute(options))
    .get("/badge.json", badgeJsonRoute(options))
    .get("/feed.atom", atomRoute(options))
    .get("/events", (c) => options.streams.open(c))
    .get("/", web("page"))
    .get("/embed", web("embed"))
    .get("/embed/", replyWithoutSlash)
    .get("/assets/:hash/:name", web("asset"))
    .get("/favicon.ico", web("siteFile"))
    .get("/manifest.webmanifest", web("siteFile"))
    .get("/robots.txt", web("siteFile"))
    .get("/openapi.json", docs("openApi"))
    .get("/docs", docs("page"))
    .get("/docs/", replyWithoutSlash)
    .get("/docs/problems", docs("problems"))
    .get("/docs/problems/", replyWithoutSlash)
    .get("/docs/files/:hash/:name", docs("asset"))
    .get("/healthz", healthRoute)
    .get("/readyz", readinessRoute(options))
    .get("/metrics", metricsRoute(options));
  app.notFound((c) => answerUnrouted(app, c));
  const problems = new ProblemReplier(options);
  app.onError((error, c) => {
    const { method, path } = c.req;
    const foreseen = isUnauthorized(error) ? unauthorized() : toProblem(error);
    return foreseen === undefined
      ? replyUnforeseen(error, options.log, { method, path })
      : problems.reply(foreseen, error, { method, path });
  });
  return app;
}

/** Answers with a page or a file of one; they are loaded at the first request, which the start then does without. */
function webRoute(options: WebOptions): (name: keyof Web) => (c: Context) => Promise<Response> {
  const web = new Lazy(async () => (await import("./web/routes.ts")).createWeb(options));
  return (name) => async (c) => (await web.get())[name](c);
}

/** Sends a reader to the page without the final slash, behind which its relative links lead nowhere. */
function replyWithoutSlash({ req }: Context): Response {
  const { pathname, search } = new URL(req.url);
  return replyRedirect(`../${pathname.split("/").at(-2)}${search}`);
}

/** What the OpenAPI document says of every route; only that document needs it. */
export async function loadPaths({ retentionMs }: Pick<HistoryOptions, "retentionMs">) {
  const { WEB_PATHS } = await import("./web/routes.ts");
  return {
    ...SUMMARY_PATHS,
    ...describeHistory(retentionMs),
    ...describeTrackRecord(retentionMs),
    ...REFRESH_PATHS,
    ...WEB_PATHS,
    ...READINESS_PATHS,
    ...OBSERVE_PATHS,
  };
}

/** Answers with a page of the documentation, or a file that one needs. */
function docsRoute(options: Pick<HistoryOptions, "retentionMs">) {
  const docs = new Lazy(async () => {
    const { createDocs } = await import("./http/docs.ts");
    return await createDocs(await loadPaths(options));
  });
  return (name: keyof Docs) => async (c: Context) => await (await docs.get())[name](c);
}

async function answerUnrouted({ router }: Pick<Hono, "router">, c: Context): Promise<Response> {
  const { method, path } = c.req;
  const known = ["GET", "POST"].filter((other) => router.match(other, path)[0].length > 0);
  if (known.length === 0) throw new ProblemError("not-found", "See /docs for all paths");
  const allow = known.join(", ").replace("GET", "GET, HEAD");
  if (method === "OPTIONS") return await answerPreflight(c, allow);
  throw new ProblemError("method-not-allowed", `This path takes ${allow}`, { headers: { allow } });
}

async function answerPreflight(c: Context, allow: string): Promise<Response> {
  const headers = withCommonHeaders({ allow });
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  const unreachable: Next = () => Promise.reject(new Error("A preflight has no next handler"));
  return await PREFLIGHT(c, unreachable) ?? c.body(null, 204);
}

const RETRY_AFTER = { "retry-after": "5" };

const FEED_PROBLEMS: Record<FeedFault, ProblemName> = {
  unavailable: "feed-unavailable",
  invalid: "feed-invalid",
  timeout: "feed-timeout",
};

/** Translates an error for clients; `undefined` if it was not foreseen. */
export function toProblem(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof ReplayedError) {
    const { problem, message, options } = toProblem(error.cause) ?? unforeseen();
    const headers = { ...RETRY_AFTER, ...options.headers };
    return new ProblemError(problem, message, { headers, isReplayed: true });
  }
  if (error instanceof FeedError) {
    const { fault, message, retryAfterMs } = error;
    return new ProblemError(FEED_PROBLEMS[fault], message, { headers: retryAfter(retryAfterMs) });
  }
  const name = nameOf(error);
  if (name === undefined || !(error instanceof Error)) return undefined;
  return new ProblemError(name, error.message, { headers: RETRY_AFTER });
}

function nameOf(error: unknown): ProblemName | undefined {
  if (error instanceof BusyError) return "busy";
  if (error instanceof NoDataError) return "no-data";
  if (error instanceof StoreError) return "store-unavailable";
}

function retryAfter(ms: number | undefined): ResponseHeaders {
  return ms === undefined ? {} : { "retry-after": String(Math.ceil(ms / 1_000)) };
}
