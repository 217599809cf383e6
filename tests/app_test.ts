import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { FeedError } from "../src/feeds/errors.ts";
import { NoDataError } from "../src/summary/load.ts";
import { StoreError } from "../src/redis/command.ts";
import { createTestApp } from "./helpers/app.ts";
import { readProblem } from "./helpers/problems.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test.each([
  { error: new FeedError("unavailable", "detail"), status: 502, name: "feed-unavailable" },
  { error: new FeedError("invalid", "detail"), status: 502, name: "feed-invalid" },
  { error: new FeedError("timeout", "detail"), status: 504, name: "feed-timeout" },
  { error: new StoreError("detail"), status: 503, name: "store-unavailable" },
  { error: new NoDataError("detail"), status: 503, name: "no-data" },
])("createApp() answers $status $name", TIME_LIMIT, async ({ error, status, name }) => {
  const { request, answers } = createTestApp();
  answers.report = () => Promise.reject(error);
  const response = await request("/refresh", { method: "POST" });
  assertEquals(response.status, status);
  const problem = await readProblem(response);
  assertEquals([problem.type, problem.detail], [`/docs/problems#${name}`, "detail"]);
  assertEquals(response.headers.has("retry-after"), status === 503);
});

Deno.test(
  "createApp() logs what was not foreseen and shows nothing of it",
  TIME_LIMIT,
  async () => {
    const { request, answers, log } = createTestApp();
    answers.summary = () => {
      throw new TypeError("secret of the implementation");
    };
    const response = await request("/is-bitcoin-lit");
    assertEquals(response.status, 500);
    const problem = await readProblem(response);
    assertEquals(problem.type, "/docs/problems#internal");
    assert(!JSON.stringify(problem).includes("secret"));
    assertEquals(log.lines[0]?.fields.request_id, problem.request_id);
  },
);

Deno.test.each([
  "/lit",
  "/is-bitcoin-lit/",
  "//is-bitcoin-lit",
  "/docs/other.js",
  "/docs/other/other.js",
  "/docs/other/constructor",
  "/docs/other/toString",
  "/docs/other/__proto__",
  "/docs/other/hasOwnProperty",
  "/assets/a/constructor",
  "/assets/a/toString",
  "/assets/a/__proto__",
  "/constructor",
  "/__proto__",
])("createApp() answers 404 to %s", TIME_LIMIT, async (path) => {
  const response = await createTestApp().request(`http://localhost${path}`);
  assertEquals(response.status, 404);
  assertEquals((await readProblem(response)).type, "/docs/problems#not-found");
});

Deno.test.each([
  { method: "POST", path: "/is-bitcoin-lit", allow: "GET, HEAD" },
  { method: "GET", path: "/refresh", allow: "POST" },
  { method: "DELETE", path: "/healthz", allow: "GET, HEAD" },
  { method: "BREW", path: "/docs", allow: "GET, HEAD" },
])("createApp() answers 405 to $method $path", TIME_LIMIT, async ({ method, path, allow }) => {
  const response = await createTestApp().request(path, { method });
  assertEquals([response.status, response.headers.get("allow")], [405, allow]);
  assertEquals((await readProblem(response)).type, "/docs/problems#method-not-allowed");
});

Deno.test("createApp() answers 405 to HEAD where GET is not allowed", TIME_LIMIT, async () => {
  const response = await createTestApp().request("/refresh", { method: "HEAD" });
  assertEquals([response.status, response.headers.get("allow")], [405, "POST"]);
  assertEquals(await response.text(), "");
});

Deno.test(
  "createApp() answers a preflight, and allows whatever headers it asks for",
  TIME_LIMIT,
  async () => {
    const response = await createTestApp().request("/refresh", {
      method: "OPTIONS",
      headers: {
        "origin": "https://example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, traceparent, x-requested-with",
      },
    });
    assertEquals([response.status, await response.text()], [204, ""]);
    const { headers } = response;
    assertEquals(headers.get("access-control-allow-origin"), "*");
    assertEquals(headers.get("access-control-allow-methods"), "GET,HEAD,POST");
    const allowed = headers.get("access-control-allow-headers")?.split(",") ?? [];
    assertEquals(allowed, ["authorization", "traceparent", "x-requested-with"]);
    assertEquals(headers.get("access-control-max-age"), "86400");
    assertEquals([headers.get("allow"), headers.get("x-content-type-options")], [
      "POST",
      "nosniff",
    ]);
  },
);

Deno.test(
  "createApp() leaves Strict-Transport-Security to the proxy that ends TLS",
  TIME_LIMIT,
  async () => {
    for (const path of ["/is-bitcoin-lit", "/", "/docs", "/nothing"]) {
      const { headers, body } = await createTestApp().request(path);
      await body?.cancel();
      assertEquals(headers.get("strict-transport-security"), null, path);
    }
  },
);

Deno.test("createApp() answers 404 to a preflight for an unknown path", TIME_LIMIT, async () => {
  const response = await createTestApp().request("/lit", { method: "OPTIONS" });
  assertEquals(response.status, 404);
  await readProblem(response);
});

Deno.test(
  "createApp() gives errors an id of their own, and successes none",
  TIME_LIMIT,
  async () => {
    const { request } = createTestApp();
    for (
      const path of ["/is-bitcoin-lit", "/history", "/healthz", "/readyz", "/metrics", "/docs"]
    ) {
      const response = await request(path, { headers: { "x-request-id": "given" } });
      assertEquals([path, response.status, response.headers.get("x-request-id")], [
        path,
        200,
        null,
      ]);
      await response.body?.cancel();
    }
    const [first, second] = [await request("/a"), await request("/b")];
    const id = first.headers.get("x-request-id") ?? "";
    assertMatch(id, /^[\da-f]{8}-\d+$/);
    assertNotEquals(second.headers.get("x-request-id"), id);
  },
);

Deno.test("every JSON body ends with a newline", TIME_LIMIT, async () => {
  const { request } = createTestApp();
  for (const path of ["/is-bitcoin-lit", "/history", "/healthz", "/readyz", "/openapi.json"]) {
    assertMatch(await (await request(path)).text(), /^\{.*\}\n$/, path);
  }
  const report = await request("/refresh", { method: "POST" });
  assertMatch(await report.text(), /^\{.*\}\n$/);
});

Deno.test("createApp() has only paths that Hono's fast router takes", TIME_LIMIT, async () => {
  const { app } = createTestApp();
  await app.request("/lit.txt");
  // The other one is slower on every read, and fails on a method named like a property of objects.
  assertEquals(app.router.name, "SmartRouter + RegExpRouter");
});
