import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type AnsweredRequest, createHandler } from "../../src/http/handler.ts";
import { createTestApp, REPORT } from "../helpers/app.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { readProblem } from "../helpers/problems.ts";
import { sendRaw } from "../helpers/raw_http.ts";

const TIME_LIMIT = { timeout: 60_000 };
const MAX_URL_CHARACTERS = 2_048;

/** A handler, and what its observer received. */
function setUp() {
  const asked: string[] = [];
  const answered: AnsweredRequest[] = [];
  const { app, answers, log } = createTestApp();
  const handler = createHandler(app, {
    onRequest: (method, route) => asked.push(`${method} ${route}`),
    onAnswer: (request) => answered.push(request),
    log,
  });
  return { handler, asked, answered, answers, log };
}

Deno.test.each([
  { method: "GET", path: "/is-bitcoin-lit?x=1", route: "/is-bitcoin-lit", status: 200 },
  { method: "HEAD", path: "/healthz", route: "/healthz", status: 200 },
  { method: "POST", path: "/refresh", route: "/refresh", status: 200 },
  { method: "GET", path: "/refresh", route: "/refresh", status: 405 },
  {
    method: "GET",
    path: "/docs/files/other/page.js",
    route: "/docs/files/:hash/:name",
    status: 200,
  },
  {
    method: "GET",
    path: "/docs/files/other/constructor",
    route: "/docs/files/:hash/:name",
    status: 404,
  },
  { method: "GET", path: "/assets/other/page.js.map", route: "/assets/:hash/:name", status: 404 },
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

Deno.test("createHandler() reports how long a request took", TIME_LIMIT, async () => {
  const { handler, answered, answers } = setUp();
  let innerMs = NaN;
  answers.report = async () => {
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    innerMs = performance.now() - start;
    return REPORT;
  };
  const start = performance.now();
  await handler(new Request("http://localhost/refresh", { method: "POST" }));
  const outerMs = performance.now() - start;
  const ms = (answered[0]?.seconds ?? NaN) * 1_000;
  assert(innerMs <= ms && ms <= outerMs, `${innerMs} <= ${ms} <= ${outerMs}`);
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

/** A request whose properties throw, all but those that a test gives. */
function hostileRequest(error: unknown, given: Partial<Request> = {}): Request {
  return new Proxy(new Request("http://localhost/"), {
    get(_, name) {
      if (Object.hasOwn(given, name)) return Reflect.get(given, name);
      throw error;
    },
  });
}

const UNFORESEEN: readonly { name: string; error: unknown }[] = [
  { name: "a RangeError", error: new RangeError("secret") },
  { name: "a string", error: "secret" },
  { name: "undefined", error: undefined },
  { name: "an object without a prototype", error: Object.create(null) },
];

async function assertContained(
  answer: Response | Promise<Response>,
  { answered, log }: ReturnType<typeof setUp>,
): Promise<void> {
  const response = await answer;
  assertEquals(response.status, 500);
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertEquals(answered.map(({ status }) => status), [500]);
  assertEquals(log.lines.map(({ level, message }) => `${level} ${message}`), [
    "error request failed",
  ]);
  assertEquals(log.lines[0]?.fields.request_id, response.headers.get("x-request-id"));
  assert(!(await response.text()).includes("secret"));
}

Deno.test.each(UNFORESEEN)(
  "createHandler() answers 500 when everything in a request throws $name",
  TIME_LIMIT,
  async ({ error }) => {
    const requests = [
      hostileRequest(error),
      hostileRequest(error, { method: "GET" }),
      hostileRequest(error, { method: "GET", url: "http://localhost/is-bitcoin-lit" }),
      hostileRequest(error, { method: "HEAD", url: "http://localhost/is-bitcoin-lit" }),
    ];
    for (const request of requests) {
      const parts = setUp();
      await assertContained(parts.handler(request), parts);
    }
  },
);

Deno.test.each(UNFORESEEN)(
  "createHandler() answers 500 when a route throws $name, at once or late",
  TIME_LIMIT,
  async ({ error }) => {
    const throwing = () => {
      throw error;
    };
    for (const method of ["GET", "HEAD"]) {
      for (const summary of [throwing, () => Promise.reject(error)]) {
        const parts = setUp();
        parts.answers.summary = summary;
        const request = new Request("http://localhost/is-bitcoin-lit", { method });
        await assertContained(parts.handler(request), parts);
      }
    }
  },
);

Deno.test.each([
  { path: "/.\\healthz" },
  { path: "/x\\..\\healthz" },
  { path: "/./healthz" },
  { path: "/../healthz" },
  { path: "/%2e%2E/healthz" },
  { path: "/docs/%2e" },
  { path: "/docs/../healthz" },
  { path: "/assets/.." },
  { path: "/docs%5cstart.js" },
])("GET, HEAD and OPTIONS answer 404 to $path", TIME_LIMIT, async ({ path }) => {
  const { handler, answered } = setUp();
  await using server = serveLocally(handler);
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    const request = `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const { status, body } = await sendRaw(server.url, request);
    assertEquals([method, status], [method, 404]);
    if (method === "GET") assertEquals(JSON.parse(body).type, "/docs/problems#not-found");
  }
  assertEquals(answered.map(({ status }) => status), [404, 404, 404]);
});

Deno.test("HEAD answers with the status of GET to any path", TIME_LIMIT, async () => {
  const { handler } = setUp();
  await using server = serveLocally(handler);
  const part = fc.constantFrom(
    ...'/ . .. \\ %2e %2E %5c %2f %25 %252e %x healthz metrics docs start.js ? # ; "'.split(" "),
  );
  const path = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join("")}`);
  await fc.assert(
    fc.asyncProperty(path, async (path) => {
      const [get, head] = await Promise.all(
        ["GET", "HEAD"].map((method) =>
          sendRaw(server.url, `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
        ),
      );
      assertEquals(head?.status, get?.status, path);
    }),
    { numRuns: 300 },
  );
});
