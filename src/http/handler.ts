import type { Hono } from "hono";
import { getPath } from "hono/utils/url";
import { problem, ProblemError } from "./problem.ts";

const MAX_URL_CHARACTERS = 2_048;
const METHODS = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** A request that has been answered; `route` is the pattern of its path. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Who hears of requests; neither may throw. */
export interface RequestObserver {
  /** Hears of a request before it is answered. */
  onRequest?: ((method: string, route: string) => void) | undefined;
  onAnswer: (answered: AnsweredRequest) => void;
}

/** Makes of an app what `Deno.serve` calls, and tells the observer of each request. */
export function createHandler(
  app: Pick<Hono, "fetch" | "routes" | "router">,
  { onRequest, onAnswer }: RequestObserver,
): (request: Request) => Response | Promise<Response> {
  const routeOf = createRouteFinder(app);

  function tell(request: Request, route: string, start: number, { status }: Response): void {
    const seconds = (performance.now() - start) / 1_000;
    onAnswer({ method: methodOf(request), route, status, seconds });
  }

  return (request) => {
    const start = performance.now();
    const route = routeOf(getPath(request));
    onRequest?.(methodOf(request), route);
    const answer = request.url.length > MAX_URL_CHARACTERS
      ? refuse(request.url)
      : app.fetch(request);
    // Without a promise where none is needed: most answers are ready.
    if (!(answer instanceof Promise)) {
      tell(request, route, start, answer);
      return answer;
    }
    return answer.then((late) => {
      tell(request, route, start, late);
      return late;
    });
  };
}

function methodOf({ method }: Request): string {
  return METHODS.has(method) ? method : "other";
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

function refuse(url: string): Response {
  const detail = `A URL may have ${MAX_URL_CHARACTERS} characters, this has ${url.length}`;
  return problem(new ProblemError("uri-too-long", detail));
}
