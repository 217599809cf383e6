import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { createTestApp } from "../helpers/app.ts";

const TIME_LIMIT = { timeout: 60_000 };

const INHERITED = ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"] as const;

const { app, handler, log } = createTestApp({ refreshToken: "s3cret" });
const PATHS = app.routes.map(({ path }) => path).filter((path) => !path.includes(":"));

const NAME = fc.oneof(fc.constantFrom(...INHERITED), fc.string());
const PATH = fc.oneof(
  fc.constantFrom(...PATHS, "/docs/problems", "/docs/start.js"),
  NAME.map((name) => `/${name}`),
  NAME.map((name) => `/docs/${name}`),
  NAME.map((name) => `/assets/a/${name}`),
  fc.webPath(),
);
const QUERY = fc.oneof(
  fc.webQueryParameters(),
  fc.dictionary(fc.constantFrom("hours", "bucket", "days", "lang", ...INHERITED), NAME)
    .map((query) => new URLSearchParams(query).toString()),
  fc.constantFrom(
    "hours=720",
    "hours=1&bucket=1m",
    "hours=&bucket",
    "hours=1&hours=2",
    "lang=zh-CN",
  ),
);
const METHOD = fc.oneof(
  fc.constantFrom("GET", "HEAD", "POST", "OPTIONS"),
  fc.constantFrom("PUT", "PATCH", "DELETE", "PROPFIND", "get", "x", ...INHERITED),
);
const HEADERS = fc.dictionary(
  fc.constantFrom(
    "if-none-match",
    "authorization",
    "accept-encoding",
    "accept-language",
    "x-request-id",
    "origin",
    "accept",
    "last-event-id",
    "range",
    "cookie",
    "if-modified-since",
    ...INHERITED,
  ),
  fc.oneof(
    fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/),
    fc.constantFrom("*", "gzip", "br", "zh-CN", "Bearer s3cret", ...INHERITED),
  ),
);

/** The methods that a path takes, and the status that each may have below 400. */
const GOOD: ReadonlyMap<string, readonly number[]> = new Map([
  ["GET", [200, 304]],
  ["HEAD", [200, 304]],
  ["POST", [200]],
  ["OPTIONS", [204]],
]);

Deno.test(
  "createApp() answers any request as the contract says, and never with 500",
  TIME_LIMIT,
  async () => {
    let successes = 0;
    const property = fc.asyncProperty(
      METHOD,
      PATH,
      QUERY,
      HEADERS,
      async (method, path, query, headers) => {
        const url = new URL("http://localhost/");
        url.pathname = path;
        url.search = query;
        const response = await handler(new Request(url, { method, headers }));
        const { status } = response;
        assert(status < 500, `${status}`);
        assertEquals(response.headers.get("access-control-allow-origin"), "*");
        assertEquals(response.headers.get("x-content-type-options"), "nosniff");
        assertEquals(response.headers.has("x-request-id"), status >= 400);
        if (response.headers.get("content-type") === "text/event-stream") {
          return await response.body?.cancel();
        }
        const body = await response.text();
        if (status >= 400) {
          assertEquals(response.headers.get("content-type"), "application/problem+json");
          if (method !== "HEAD") assertEquals(JSON.parse(body).status, status);
          return;
        }
        if (status === 308) return assertMatch(url.pathname, /.\/$/);
        successes++;
        assert(
          GOOD.get(new Request(url, { method }).method)?.includes(status),
          `${method} ${status}`,
        );
        if (status === 200) {
          assertMatch(
            response.headers.get("content-type") ?? "",
            /^\w+\/[\w+.-]+/,
          );
        }
        assertEquals(body === "", method === "HEAD" || status !== 200);
      },
    );
    await fc.assert(property, { numRuns: 1_500 });
    assert(successes > 100, `only ${successes} successes`);
    assertEquals(log.lines.filter(({ level }) => level === "error"), []);
  },
);
