import type { Hono } from "hono";
import { getPath } from "hono/utils/url";
import type { AnsweredRequest } from "../core/observation.ts";
import { hasValidHost } from "./host.ts";
import { ProblemError, replyProblem } from "./problem.ts";

const MAX_URL_CHARACTERS = 2_048;
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** Is called for every request; neither function may throw. */
export interface RequestObserver {
  /** Is called before a request is answered. */
  onRequest?: ((method: string, route: string | undefined) => void) | undefined;
  onAnswer: (answered: AnsweredRequest) => void;
}

/** Where a request comes from: what `Deno.serve` knows of it, and Hono's `c.env`. */
export interface ConnectionInfo {
  readonly remoteAddr: { readonly hostname: string };
}

/** What `Deno.serve` calls. */
export type Handler = (request: Request, info?: ConnectionInfo) => Response | Promise<Response>;

/** Turns an app into a handler that checks and counts every request. */
export function createHandler(
  app: Pick<Hono, "fetch" | "routes" | "router">,
  { onRequest, onAnswer }: RequestObserver,
): Handler {
  const fixedPaths = new Set(app.routes.map(({ path }) => path));
  const answer = createAnswer(app);
  let lastUrl = "";
  let lastRoute: string | undefined;

  /** Finds the route's pattern. Most requests repeat the URL before theirs, which saves the parsing. */
  function findRoute(request: Request): string | undefined {
    if (request.url === lastUrl) return lastRoute;
    const path = getPath(request);
    lastRoute = fixedPaths.has(path) ? path : findPattern(app, path);
    lastUrl = request.url;
    return lastRoute;
  }

  function count(request: Request, route: string | undefined, start: number, response: Response) {
    const seconds = (performance.now() - start) / 1_000;
    onAnswer({ method: methodOf(request), route, status: response.status, seconds });
    return response;
  }

  return (request, info) => {
    const start = performance.now();
    const route = findRoute(request);
    onRequest?.(methodOf(request), route);
    const response = answer(request, info);
    // A promise costs time, and most answers are ready.
    return response instanceof Promise
      ? response.then((late) => count(request, route, start, late))
      : count(request, route, start, response);
  };
}

function createAnswer(app: Pick<Hono, "fetch">): Handler {
  return (request, info) => {
    const { url, method } = request;
    if (url.length > MAX_URL_CHARACTERS) {
      const detail = `A URL may have ${MAX_URL_CHARACTERS} characters, this has ${url.length}`;
      return replyProblem(new ProblemError("uri-too-long", detail));
    }
    if (!hasValidHost(request)) {
      const detail = "Host must be a name or an IP address with an optional port";
      return replyProblem(new ProblemError("invalid-request", detail));
    }
    return method === "HEAD" ? answerHead(app, request, info) : app.fetch(request, info);
  };
}

/** Answers HEAD with the length that GET would have; otherwise Deno sends a length of 0. */
async function answerHead(
  { fetch }: Pick<Hono, "fetch">,
  request: Request,
  info: ConnectionInfo | undefined,
): Promise<Response> {
  const get = new Request(request.url, { headers: request.headers });
  const { status, headers, body } = await fetch(get, info);
  if (headers.get("content-type") === "text/event-stream") {
    await body?.cancel();
  } else {
    const { byteLength } = await new Response(body).arrayBuffer();
    headers.set("content-length", String(byteLength));
  }
  return new Response(null, { status, headers });
}

function methodOf({ method }: Request): string {
  return METHODS.has(method) ? method : "other";
}

function findPattern({ router }: Pick<Hono, "router">, path: string): string | undefined {
  const [matched] = router.match("GET", path);
  return matched[0]?.[0][1].path;
}
