import { assert, assertEquals } from "@std/assert";
import type { AnsweredRequest } from "../../src/core/observation.ts";
import { createHandler } from "../../src/http/handler.ts";
import { createTestApp } from "../helpers/app.ts";
import { readProblem } from "../helpers/problems.ts";

const TIME_LIMIT = { timeout: 10_000 };
const MAX_URL_CHARACTERS = 2_048;

/** A handler, and what its observer received. */
function setUp() {
  const asked: string[] = [];
  const answered: AnsweredRequest[] = [];
  const handler = createHandler(createTestApp().app, {
    onRequest: (method, route) => asked.push(`${method} ${route}`),
    onAnswer: (request) => answered.push(request),
  });
  return { handler, asked, answered };
}

Deno.test.each([
  { method: "GET", path: "/is-bitcoin-lit?x=1", route: "/is-bitcoin-lit", status: 200 },
  { method: "HEAD", path: "/healthz", route: "/healthz", status: 200 },
  { method: "POST", path: "/refresh", route: "/refresh", status: 200 },
  { method: "GET", path: "/refresh", route: "/refresh", status: 405 },
  { method: "GET", path: "/docs/start.js", route: "/docs/:file", status: 200 },
  { method: "GET", path: "/docs/constructor", route: "/docs/:file", status: 404 },
  { method: "GET", path: "/assets/other.js", route: "/assets/:name", status: 404 },
  { method: "GET", path: "/anything/else", route: undefined, status: 404 },
  { method: "GET", path: "/constructor", route: undefined, status: 404 },
])("createHandler() reports $method $path by its route", TIME_LIMIT, async (row) => {
  const { handler, asked, answered } = setUp();
  const { method, path, route, status } = row;
  const response = await handler(new Request(`http://localhost${path}`, { method }));
  assertEquals(response.status, status);
  await response.body?.cancel();
  assertEquals(asked, [`${method} ${route}`]);
  const [{ seconds, ...rest } = { seconds: -1 }] = answered;
  assertEquals(rest, { method, route, status });
  assert(seconds >= 0 && seconds < 10, `${seconds} s`);
});

Deno.test("createHandler() reports every unusual method as `other`", TIME_LIMIT, async () => {
  const { handler, asked } = setUp();
  for (const method of ["BREW", "constructor", "PROPFIND"]) {
    await handler(new Request("http://localhost/healthz", { method }));
  }
  assertEquals(asked, ["other /healthz", "other /healthz", "other /healthz"]);
});

Deno.test(
  "createHandler() answers 414 to a URL with one character too many",
  TIME_LIMIT,
  async () => {
    const { handler, answered } = setUp();
    const start = "http://localhost/healthz?";
    const url = start + "x".repeat(MAX_URL_CHARACTERS - start.length);
    assertEquals((await handler(new Request(url))).status, 200);
    const response = await handler(new Request(`${url}x`));
    assertEquals(response.status, 414);
    const { type, detail } = await readProblem(response);
    assertEquals(type, "/docs/problems#uri-too-long");
    assertEquals(detail, "A URL may have 2048 characters, this has 2049");
    assertEquals(answered.map(({ status }) => status), [200, 414]);
  },
);

Deno.test(
  "createHandler() answers at once what is ready, and others when they are",
  TIME_LIMIT,
  async () => {
    const { handler } = setUp();
    const ready = handler(new Request("http://localhost/is-bitcoin-lit"));
    assertEquals(ready instanceof Promise, false);
    assertEquals((await ready).status, 200);
    const late = handler(new Request("http://localhost/readyz"));
    assertEquals(late instanceof Promise, true);
    assertEquals((await late).status, 200);
  },
);
