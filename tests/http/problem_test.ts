import { assertEquals } from "@std/assert";
import { BusyError, PROBLEM_NAMES, PROBLEMS } from "../../src/http/problem.ts";
import { FeedError } from "../../src/feeds/errors.ts";
import { NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import { toProblem } from "../../src/app.ts";
import { ReplayedError } from "../../src/refresh/refresher.ts";
import { createTestApp } from "../helpers/app.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test.each([
  { retryAfterMs: undefined, headers: {} },
  { retryAfterMs: 0, headers: { "retry-after": "0" } },
  { retryAfterMs: 59_001, headers: { "retry-after": "60" } },
])("toProblem() says when a feed may be asked again: $retryAfterMs ms", TIME_LIMIT, (row) => {
  const error = new FeedError("unavailable", "detail", { retryAfterMs: row.retryAfterMs });
  assertEquals(toProblem(error)?.options.headers, row.headers);
});

Deno.test.each([
  { error: new BusyError("x"), problem: "busy" },
  { error: new NoDataError("x"), problem: "no-data" },
  { error: new StoreError("x"), problem: "store-unavailable" },
  { error: new FeedError("timeout", "x"), problem: "feed-timeout" },
  { error: new ReplayedError(new FeedError("invalid", "x")), problem: "feed-invalid" },
  { error: new ReplayedError(new StoreError("x")), problem: "store-unavailable" },
  { error: new TypeError("x"), problem: undefined },
  { error: "x", problem: undefined },
  { error: undefined, problem: undefined },
])("toProblem() translates $error to $problem", TIME_LIMIT, ({ error, problem }) => {
  assertEquals(toProblem(error)?.problem, problem);
});

Deno.test("toProblem() names a time for each 503 and each replayed problem", TIME_LIMIT, () => {
  for (const error of [new BusyError("x"), new NoDataError("x"), new StoreError("x")]) {
    assertEquals(toProblem(error)?.options.headers, { "retry-after": "5" });
  }
  const options = toProblem(new ReplayedError(new FeedError("timeout", "x")))?.options;
  assertEquals(options, { headers: { "retry-after": "5" }, isReplayed: true });
});

Deno.test("replyProblem() shows at most 500 characters of an error", TIME_LIMIT, async () => {
  const text = "x".repeat(1_000_000);
  const { app, answers } = createTestApp();
  answers.summary = () => Promise.reject(new StoreError(text));
  const { detail } = await (await app.request("/is-bitcoin-lit")).json();
  assertEquals(detail, `${text.slice(0, 499)}…`);
});

Deno.test(
  "GET /docs/problems explains every problem at the anchor of its type",
  TIME_LIMIT,
  async () => {
    const response = await createTestApp().request("/docs/problems");
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
    const html = await response.text();
    const sections = [
      ...html.matchAll(/ id="([\w-]+)">(\d+) [\w-]+<\/h2>\n<p><b>([^<]+)\.<\/b> [^<]{20,}<\/p>/g),
    ];
    const expected = PROBLEM_NAMES.map((name) => [
      name,
      `${PROBLEMS[name].status}`,
      PROBLEMS[name].title,
    ]);
    // Behind them are those that only a proxy answers with.
    const found = sections.map(([, ...section]) => section).slice(0, expected.length);
    assertEquals(found, expected);
    const proxy = [...html.matchAll(/<h3 id="([\w-]+)">(\d+) [\w-]+<\/h3>\n<p>[^<]{20,}\.<\/p>/g)];
    assertEquals(proxy.map(([, name, status]) => `${status} ${name}`), [
      "403 forbidden",
      "429 too-many-requests",
      "502 bad-gateway",
      "504 gateway-timeout",
    ]);
  },
);
