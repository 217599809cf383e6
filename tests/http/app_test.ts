import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FeedError, NoDataError, StoreError } from "../../src/core/errors.ts";
import { createTestApp, HISTORY, REPORT, STALE_AFTER_MS } from "../helpers/app.ts";
import { RISING_SUMMARY } from "../helpers/samples.ts";

function fail(error: Error): never {
  throw error;
}

async function readProblem(response: Response) {
  assertEquals(response.headers.get("content-type"), "application/problem+json");
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  const problem = await response.json();
  assertEquals(Object.keys(problem), ["type", "title", "status", "detail", "request_id"]);
  assertEquals(problem.status, response.status);
  assertEquals(problem.request_id, response.headers.get("x-request-id"));
  return problem;
}

Deno.test("GET /is-bitcoin-lit answers the summary as it is now", async () => {
  const { app, answers } = createTestApp();
  const response = await app.request("/is-bitcoin-lit");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "application/json");
  const answer = await response.json();
  assertEquals(answer, { ...RISING_SUMMARY, lit: true, stale: false, feed: "test" });
  assertEquals(Object.keys(answer).slice(1), [
    ...["price_direction", "sentiment_direction", "lit", "as_of", "stale", "feed"],
  ]);

  answers.now += STALE_AFTER_MS + 1;
  const later = await app.request("/is-bitcoin-lit");
  assertEquals(await later.json(), { ...RISING_SUMMARY, lit: false, stale: true, feed: "test" });
});

Deno.test("GET /is-bitcoin-lit waits for a summary that is still to come", async () => {
  const { app, answers } = createTestApp();
  answers.summary = () => Promise.resolve(RISING_SUMMARY);
  assertEquals((await app.request("/is-bitcoin-lit")).status, 200);
});

Deno.test("GET /is-bitcoin-lit answers 304 to a client that has it, until it changes", async () => {
  const { app, answers } = createTestApp();
  const etag = (await app.request("/is-bitcoin-lit")).headers.get("etag") ?? "";
  assertMatch(etag, /^"[\w-]+"$/);
  for (const known of [etag, `"other", W/${etag}`, "*"]) {
    const response = await app.request("/is-bitcoin-lit", { headers: { "if-none-match": known } });
    assertEquals([response.status, response.headers.get("etag")], [304, etag]);
    assertEquals(await response.text(), "");
  }
  answers.now += STALE_AFTER_MS + 1;
  const changed = await app.request("/is-bitcoin-lit", { headers: { "if-none-match": etag } });
  assertEquals(changed.status, 200);
});

Deno.test("GET /is-bitcoin-lit says how long its answer may be kept", async () => {
  const response = await createTestApp().app.request("/is-bitcoin-lit");
  const expected = "public, max-age=1, stale-while-revalidate=5, stale-if-error=3600";
  assertEquals(response.headers.get("cache-control"), expected);
});

Deno.test("HEAD /is-bitcoin-lit answers headers only", async () => {
  const response = await createTestApp().app.request("/is-bitcoin-lit", { method: "HEAD" });
  assertEquals([response.status, await response.text()], [200, ""]);
  assert(response.headers.has("etag"));
});

Deno.test("POST /refresh answers the report", async () => {
  const response = await createTestApp().app.request("/refresh", { method: "POST" });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(await response.json(), REPORT);
});

Deno.test.each([
  { bearing: "nothing", authorization: undefined },
  { bearing: "an empty token", authorization: "Bearer " },
  { bearing: "another token", authorization: "Bearer guess" },
  { bearing: "another scheme", authorization: "Basic s3cret" },
  { bearing: "more than the token", authorization: "Bearer s3cret s3cret" },
])("POST /refresh refuses a request with $bearing", async ({ authorization }) => {
  const headers = new Headers(authorization === undefined ? {} : { authorization });
  const response = await createTestApp({ refreshToken: "s3cret" }).app.request("/refresh", {
    method: "POST",
    headers,
  });
  assertEquals(response.status, 401);
  assertEquals(response.headers.get("www-authenticate"), 'Bearer realm="is-bitcoin-lit"');
  assertEquals((await readProblem(response)).type, "unauthorized");
});

Deno.test("POST /refresh lets a request with the token through", async () => {
  const headers = { authorization: "Bearer s3cret" };
  const response = await createTestApp({ refreshToken: "s3cret" }).app.request("/refresh", {
    method: "POST",
    headers,
  });
  assertEquals(response.status, 200);
});

Deno.test("GET /history answers averages per bucket", async () => {
  const { app } = createTestApp();
  for (const query of ["", "?hours=24&bucket=5m", "?hours=1&bucket=2s", "?hours=720&bucket=30d"]) {
    const response = await app.request(`/history${query}`);
    assertEquals([response.status, await response.json()], [200, HISTORY]);
  }
});

Deno.test("GET /history asks for the span that the query names", async () => {
  const spans: unknown[] = [];
  const histories = {
    get: (span: unknown) => {
      spans.push(span);
      return HISTORY;
    },
  };
  const { app } = createTestApp({ histories });
  await app.request("/history");
  await app.request("/history?hours=48&bucket=1h");
  assertEquals(spans, [{ hours: 24, bucketMs: 300_000 }, { hours: 48, bucketMs: 3_600_000 }]);
});

Deno.test("GET /history may be kept like the summary", async () => {
  const { app } = createTestApp();
  const { headers } = await app.request("/history");
  const known = { "if-none-match": headers.get("etag") ?? "" };
  assertEquals((await app.request("/history", { headers: known })).status, 304);
  assertStringIncludes(headers.get("cache-control") ?? "", "max-age=1,");
});

Deno.test.each([
  { query: "hours=0", says: "hours must be an integer from 1 to 720" },
  { query: "hours=721", says: "hours must be an integer from 1 to 720" },
  { query: "hours=1.5", says: "hours must be an integer from 1 to 720" },
  { query: "hours=", says: "hours must be an integer from 1 to 720" },
  { query: "hours=1&hours=2", says: "hours must be given once" },
  { query: "bucket=5", says: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=0m", says: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=-5m", says: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=1w", says: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=30s", says: "from 44s to 24h for 24 hours" },
  { query: "bucket=25h", says: "from 44s to 24h for 24 hours" },
])("GET /history refuses $query and says what would do", async ({ query, says }) => {
  const response = await createTestApp().app.request(`/history?${query}`);
  assertEquals(response.status, 400);
  const problem = await readProblem(response);
  assertEquals(problem.type, "invalid-request");
  assertStringIncludes(problem.detail, says);
});

Deno.test.each([
  { state: "an answer", summary: () => RISING_SUMMARY, shows: '"lit":true' },
  { state: "no data", summary: () => fail(new NoDataError("none")), shows: '"trouble":"no-data"' },
  {
    state: "the store away",
    summary: () => fail(new StoreError("away")),
    shows: '"trouble":"store-unavailable"',
  },
])("GET / shows $state", async ({ summary, shows }) => {
  const { app, answers } = createTestApp();
  answers.summary = summary;
  const response = await app.request("/");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
  assertStringIncludes(await response.text(), shows);
});

Deno.test("GET / answers a fault that was not foreseen with a problem", async () => {
  const { app, answers } = createTestApp();
  answers.summary = () => fail(new TypeError("a bug"));
  const response = await app.request("/");
  assertEquals(response.status, 500);
  assertEquals((await readProblem(response)).type, "internal");
});

Deno.test("GET /docs and its files are served by the app itself", async () => {
  const { app } = createTestApp();
  const page = await app.request("/docs");
  assertEquals(page.headers.get("content-type"), "text/html; charset=utf-8");
  const paths = [...(await page.text()).matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)];
  assertEquals(paths.length, 3);
  for (const [, path = ""] of paths) {
    const response = await app.request(path);
    assertEquals(response.status, 200);
    await response.body?.cancel();
  }
  const unknown = await app.request("/docs/other.js");
  assertEquals((await readProblem(unknown)).type, "not-found");
});

Deno.test.each([
  { error: new FeedError("unavailable", "detail"), status: 502, type: "feed-unavailable" },
  { error: new FeedError("invalid", "detail"), status: 502, type: "feed-invalid" },
  { error: new FeedError("timeout", "detail"), status: 504, type: "feed-timeout" },
  { error: new StoreError("detail"), status: 503, type: "store-unavailable" },
  { error: new NoDataError("detail"), status: 503, type: "no-data" },
])("the app answers $status $type", async ({ error, status, type }) => {
  const { app, answers } = createTestApp();
  answers.report = () => Promise.reject(error);
  const response = await app.request("/refresh", { method: "POST" });
  assertEquals(response.status, status);
  const problem = await readProblem(response);
  assertEquals([problem.type, problem.detail], [type, "detail"]);
  assertEquals(response.headers.has("retry-after"), status === 503);
});

Deno.test("the app logs what was not foreseen and answers it opaquely", async () => {
  const { app, answers, log } = createTestApp();
  answers.summary = () => {
    throw new TypeError("secret of the implementation");
  };
  const response = await app.request("/is-bitcoin-lit");
  assertEquals(response.status, 500);
  const problem = await readProblem(response);
  assertEquals(problem.type, "internal");
  assert(!JSON.stringify(problem).includes("secret"));
  assertEquals(log.lines[0]?.fields.request_id, problem.request_id);
});

Deno.test("the app answers 404 to an unknown path", async () => {
  const response = await createTestApp().app.request("/lit");
  assertEquals(response.status, 404);
  assertEquals((await readProblem(response)).type, "not-found");
});

Deno.test.each([
  { method: "POST", path: "/is-bitcoin-lit", allow: "GET, HEAD" },
  { method: "GET", path: "/refresh", allow: "POST" },
  { method: "HEAD", path: "/refresh", allow: "POST" },
  { method: "DELETE", path: "/healthz", allow: "GET, HEAD" },
])("the app answers 405 to $method $path", async ({ method, path, allow }) => {
  const response = await createTestApp().app.request(path, { method });
  assertEquals([response.status, response.headers.get("allow")], [405, allow]);
  if (method !== "HEAD") assertEquals((await readProblem(response)).type, "method-not-allowed");
});

Deno.test("the app answers a preflight", async () => {
  const response = await createTestApp().app.request("/refresh", { method: "OPTIONS" });
  assertEquals(response.status, 204);
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertMatch(response.headers.get("access-control-allow-headers") ?? "", /authorization/);
});

Deno.test("the app gives each request an id of its own", async () => {
  const { app } = createTestApp();
  const headers = { "x-request-id": "given" };
  const responses = [await app.request("/healthz", { headers }), await app.request("/lit")];
  const [first = "", second = ""] = responses.map(({ headers }) => headers.get("x-request-id"));
  assertMatch(first ?? "", /^[\da-f]{8}-\d+$/);
  assert(first !== second);
});

Deno.test("GET /healthz answers as long as the process lives", async () => {
  const response = await createTestApp().app.request("/healthz");
  assertEquals([response.status, await response.json()], [200, { status: "ok" }]);
});
