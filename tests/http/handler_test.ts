import { assertEquals } from "@std/assert";
import { type AnsweredRequest, createHandler } from "../../src/http/handler.ts";
import { createTestApp } from "../helpers/app.ts";

/** A handler, and what its observer has heard. */
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
  { method: "GET", path: "/assets/page.js", route: "/assets/:name", status: 200 },
  { method: "GET", path: "/assets/other.js", route: "/assets/:name", status: 404 },
  { method: "GET", path: "/anything/else", route: "unmatched", status: 404 },
])(
  "createHandler() tells of $method $path by its route",
  async ({ method, path, route, status }) => {
    const { handler, asked, answered } = setUp();
    const response = await handler(new Request(`http://localhost${path}`, { method }));
    assertEquals(response.status, status);
    assertEquals(asked, [`${method} ${route}`]);
    const [{ seconds, ...rest } = { seconds: -1 }] = answered;
    assertEquals(rest, { method, route, status });
    assertEquals(seconds >= 0 && seconds < 10, true);
  },
);

Deno.test("createHandler() tells of an odd method as of another", async () => {
  const { handler, asked } = setUp();
  await handler(new Request("http://localhost/healthz", { method: "BREW" }));
  assertEquals(asked, ["other /healthz"]);
});

Deno.test("createHandler() refuses a URL that is too long", async () => {
  const { handler, answered } = setUp();
  const response = await handler(new Request(`http://localhost/?${"x".repeat(2_048)}`));
  assertEquals([response.status, response.headers.get("access-control-allow-origin")], [414, "*"]);
  assertEquals((await response.json()).type, "uri-too-long");
  assertEquals(answered[0]?.status, 414);
});
