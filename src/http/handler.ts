import type { Hono } from "hono";
import { getPath } from "hono/utils/url";
import { problem, ProblemError } from "./problem.ts";

const MAX_URL_CHARACTERS = 2_048;
const METHODS = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** A request that has been answered; `route` is the pattern of the path, never the path itself. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Who hears of requests; neither may throw. */
export interface RequestObserver {
  /** Hears of a request before it is answered. */
  onRequest(method: string, route: string): void;
  onAnswer(answered: AnsweredRequest): void;
}

/** Makes of an app what `Deno.serve` calls, and tells the observer of each request. */
export function createHandler(
  app: Pick<Hono, "fetch" | "routes" | "router">,
  observer: RequestObserver,
): (request: Request) => Response | Promise<Response> {
  const routeOf = createRouteFinder(app);
  return (request) => {
    const start = performance.now();
    const method = METHODS.has(request.method) ? request.method : "other";
    const route = routeOf(getPath(request));
    function finish(response: Response): Response {
      const seconds = (performance.now() - start) / 1_000;
      observer.onAnswer({ method, route, status: response.status, seconds });
      return response;
    }
    observer.onRequest(method, route);
    const response = request.url.length > MAX_URL_CHARACTERS ? refuse(request) : app.fetch(request);
    // Without a promise where none is needed: most answers are ready.
    return response instanceof Promise ? response.then(finish) : finish(response);
  };
}

function createRouteFinder(
  { routes, router }: Pick<Hono, "routes" | "router">,
): (path: string) => string {
  const fixed = new Set(routes.map(({ path }) => path));
  return (path) => {
    if (fixed.has(path)) return path;
    const [matched] = router.match("GET", path);
    return matched[0]?.[0][1].path ?? "unmatched";
  };
}

function refuse(request: Request): Response {
  const detail = `A URL may have ${MAX_URL_CHARACTERS} characters, this has ${request.url.length}`;
  return problem(request, new ProblemError("uri-too-long", detail));
}
