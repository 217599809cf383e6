import type { Hono } from "hono";
import { getPath } from "hono/utils/url";
import { contain } from "../contain.ts";
import type { Log } from "../log.ts";
import { ProblemError, refuse, replyUnforeseen } from "./problem.ts";

/** A request that has been answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its path; `undefined` for a path without a route. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

const MAX_URL_CHARACTERS = 2_048;

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** A backslash or a dot segment: a proxy or `new URL` may take such a path for another one. */
const AMBIGUOUS_PATH = /\\|\/\.\.?(?:\/|$)/;

/** What the handler needs beside the app. */
export interface HandlerOptions {
  /** Is called before a request is answered. */
  onRequest?: ((method: string, route: string | undefined) => void) | undefined;
  /** Is called for every answer. */
  onAnswer: (answered: AnsweredRequest) => void;
  log: Log;
}

/** Where a request comes from: what `Deno.serve` knows of it, and Hono's `c.env`. */
export interface ConnectionInfo {
  readonly remoteAddr: { readonly hostname: string };
}

/** What `Deno.serve` calls. */
export type Handler = (request: Request, info?: ConnectionInfo) => Response | Promise<Response>;

type App = Pick<Hono, "fetch" | "routes" | "router">;

/** What the URL and the host of a request ask for. */
interface Target {
  readonly url: string;
  readonly host: string | null;
  /** The pattern of the path; `undefined` for a path without a route. */
  readonly route: string | undefined;
  /** Why the app must not see the request. */
  readonly refusal: ProblemError | undefined;
}

/** A request under way, as far as it could be read. */
interface Asked {
  readonly start: number;
  method: string;
  route: string | undefined;
}

/**
 * Turns an app into a handler that checks and counts every request. It answers whatever is thrown,
 * by a route or by the request itself.
 */
export function createHandler(app: App, { log, ...options }: HandlerOptions): Handler {
  const readTarget = createTargetReader(app);
  const onAnswer = contain("count a request", options.onAnswer, log);
  const onRequest = options.onRequest && contain("mark a request", options.onRequest, log);

  function end({ start, method, route }: Asked, response: Response): Response {
    const seconds = (performance.now() - start) / 1_000;
    onAnswer({ method, route, status: response.status, seconds });
    return response;
  }

  function fail({ method, route }: Asked, error: unknown): Response {
    return replyUnforeseen(error, log, { method, route });
  }

  return (request, info) => {
    const asked: Asked = { start: performance.now(), method: "other", route: undefined };
    try {
      asked.method = methodOf(request);
      const { route, refusal } = readTarget(request);
      asked.route = route;
      onRequest?.(asked.method, route);
      const response = refusal
        ? refuse(refusal, log, { method: asked.method })
        : answer(app, request, info);
      // A promise costs time, and most answers are ready.
      return response instanceof Promise
        ? response.catch((error) => fail(asked, error)).then((late) => end(asked, late))
        : end(asked, response);
    } catch (error) {
      return end(asked, fail(asked, error));
    }
  };
}

function answer(
  app: App,
  request: Request,
  info: ConnectionInfo | undefined,
): Response | Promise<Response> {
  return request.method === "HEAD" ? answerHead(app, request, info) : app.fetch(request, info);
}

/** Answers HEAD with the length that GET would have; otherwise Deno sends a length of 0. */
async function answerHead(
  app: App,
  request: Request,
  info: ConnectionInfo | undefined,
): Promise<Response> {
  const response = await app.fetch(asGet(request), info);
  const { status, headers, body } = response;
  if (headers.has("content-length") || headers.get("content-type") === "text/event-stream") {
    await body?.cancel();
  } else {
    const { byteLength } = await new Response(body).arrayBuffer();
    headers.set("content-length", String(byteLength));
  }
  return new Response(null, { status, headers });
}

/** Keeps the URL as it came: `new Request(url)` resolves `/.\metrics` to a path that a proxy protects. */
function asGet({ url, headers }: Request): Request {
  return Object.defineProperty(new Request("http://localhost/", { headers }), "url", {
    value: url,
  });
}

/** Creates a function that reads targets. Most requests repeat the one before, which saves the work. */
function createTargetReader(app: App): (request: Request) => Target {
  const fixedPaths = new Set(app.routes.map(({ path }) => path));
  let last: Target | undefined;
  return (request) => {
    const { url } = request;
    const host = request.headers.get("host");
    if (last?.url === url && last.host === host) return last;
    const path = getPath(request);
    const route = fixedPaths.has(path) ? path : findPattern(app, path);
    return last = { url, host, route, refusal: findRefusal(url, host, path) };
  };
}

function findRefusal(url: string, host: string | null, path: string): ProblemError | undefined {
  if (url.length > MAX_URL_CHARACTERS) {
    const detail = `A URL may have ${MAX_URL_CHARACTERS} characters, this has ${url.length}`;
    return new ProblemError("uri-too-long", detail);
  }
  if (!hasValidHost(url, host)) return invalidHost();
  if (AMBIGUOUS_PATH.test(path)) {
    return new ProblemError("not-found", "A path must have no backslash and no dot segment");
  }
}

function methodOf({ method }: Request): string {
  return METHODS.has(method) ? method : "other";
}

function findPattern({ router }: App, path: string): string | undefined {
  const [matched] = router.match("GET", path);
  return matched[0]?.[0][1].path;
}

/** Longer than any name or address, so that parsing one takes no time. */
const HOST = /^(?:[\w.~-]{1,255}|\[[\da-fA-F:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * Whether the `Host` of a request (`null` if it is missing) is a name or an address with an optional
 * port, and its URL has that form, too. Deno builds the URL from what the client sent, unchecked:
 * `Host: a/metrics?` or the target `http://a?/metrics` would choose another route.
 */
export function hasValidHost(url: string, host: string | null): boolean {
  const authority = authorityOf(url);
  // HTTP/1.0 may omit the header, and HTTP/2 sends it as a part of the URL.
  return isValid(authority) && (host === null || host === authority || isValid(host));
}

/** The problem of a request whose host is not valid. */
export function invalidHost(): ProblemError {
  const detail = "Host must be a name or an IP address with an optional port";
  return new ProblemError("invalid-request", detail);
}

function isValid(host: string): boolean {
  // The form alone would let pass what `new URL` refuses: 999.999.999.999, a:99999, [:::::], xn--a.
  return HOST.test(host) && URL.canParse(`http://${host}/`);
}

function authorityOf(url: string): string {
  const start = url.indexOf("//") + 2;
  const end = url.indexOf("/", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}
