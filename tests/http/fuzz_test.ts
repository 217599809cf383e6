import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createHandler } from "../../src/http/handler.ts";
import { createTestApp } from "../helpers/app.ts";

const PATHS = [
  ...["/", "/is-bitcoin-lit", "/refresh", "/history", "/healthz", "/readyz", "/metrics"],
  ...["/openapi.json", "/docs", "/docs/start.js", "/assets/page.js"],
];

const PATH = fc.oneof(
  fc.constantFrom(...PATHS),
  fc.webPath(),
  fc.string().map((path) => `/${path}`),
);
const QUERY = fc.oneof(
  fc.webQueryParameters(),
  fc.record({ hours: fc.string(), bucket: fc.string() })
    .map((query) => new URLSearchParams(query).toString()),
);
const METHOD = fc.constantFrom(
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "get", "x"],
);
const HEADERS = fc.dictionary(
  fc.constantFrom(
    ...["if-none-match", "authorization", "x-request-id", "origin", "accept", "last-event-id"],
    ...["content-length", "range", "cookie", "if-modified-since"],
  ),
  fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/),
);

Deno.test("the app answers any request as the contract says, and never with 500", async () => {
  const { app } = createTestApp({ refreshToken: "s3cret" });
  const handler = createHandler(app, { onRequest() {}, onAnswer() {} });
  await fc.assert(
    fc.asyncProperty(METHOD, PATH, QUERY, HEADERS, async (method, path, query, headers) => {
      const url = new URL(`http://localhost/`);
      url.pathname = path;
      url.search = query;
      const response = await handler(new Request(url, { method, headers }));
      const body = await response.text();
      assert(response.status < 500, `${response.status}: ${body}`);
      assertEquals(response.headers.get("access-control-allow-origin"), "*");
      assertEquals(response.headers.get("x-content-type-options"), "nosniff");
      assert(response.headers.has("x-request-id"));
      if (response.status >= 400) {
        assertEquals(response.headers.get("content-type"), "application/problem+json");
        if (method !== "HEAD") assertEquals(JSON.parse(body).status, response.status);
      }
    }),
    { numRuns: 1_000 },
  );
});
