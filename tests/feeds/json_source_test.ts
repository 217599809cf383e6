import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { FeedError } from "../../src/core/errors.ts";
import { AddressError } from "../../src/feeds/address_error.ts";
import { JsonSource } from "../../src/feeds/json_source.ts";
import type { RequestOptions } from "../../src/feeds/options.ts";
import { type LocalServer, serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const TIME_LIMIT = { timeout: 10_000 };

type Respond = (request: Request) => Response | Promise<Response>;

function sourceAt(url: string, options: Partial<RequestOptions> = {}) {
  const source = new JsonSource({ name: "The source", url }, { now: () => NOW, ...options });
  return { source, fetch: () => source.fetchJson(AbortSignal.timeout(5_000)) };
}

/** A source at a server whose answer, and whose clock, a test may change. */
function setUp(respond: Respond) {
  const parts = { now: NOW, respond, asked: [] as Headers[] };
  const server = serveLocally((request) => {
    parts.asked.push(new Headers(request.headers));
    return parts.respond(request);
  });
  const { fetch } = sourceAt(server.url, { now: () => parts.now });
  return { parts, server, fetch: async () => (await fetch()).body };
}

async function fetchFault(
  respond: Respond,
  bounds: RequestOptions["bounds"] = {},
): Promise<FeedError> {
  await using server = serveLocally(respond);
  return await assertRejects(sourceAt(server.url, { bounds }).fetch, FeedError);
}

function refusal(status: number, retryAfter?: string): Response {
  return new Response("no", { status, headers: retryAfter ? { "retry-after": retryAfter } : {} });
}

function redirectTo(location: string, status = 302): Response {
  return new Response("elsewhere", { status, headers: { location } });
}

const LAST_MODIFIED = "Fri, 02 Jan 2026 11:59:00 GMT";

Deno.test.each([
  { validator: "ETag", given: { etag: '"1"' }, sent: ['"1"', null] },
  {
    validator: "Last-Modified",
    given: { "last-modified": LAST_MODIFIED },
    sent: [null, LAST_MODIFIED],
  },
  {
    validator: "both",
    given: { etag: 'W/"1"', "last-modified": LAST_MODIFIED },
    sent: ['W/"1"', LAST_MODIFIED],
  },
])(
  "fetchJson() returns the same answer for a 304 after $validator",
  TIME_LIMIT,
  async ({ given, sent }) => {
    const { fetch, parts, server } = setUp(() => Response.json([1, 2], { headers: given }));
    await using _server = server;
    const first = await fetch();
    parts.respond = () => new Response(null, { status: 304 });
    assertEquals([first, await fetch(), await fetch()], [[1, 2], [1, 2], [1, 2]]);
    const conditions = parts.asked.map((headers) => [
      headers.get("if-none-match"),
      headers.get("if-modified-since"),
    ]);
    assertEquals(conditions, [[null, null], sent, sent]);
  },
);

Deno.test("fetchJson() replaces the known answer and its validators", TIME_LIMIT, async () => {
  const { fetch, parts, server } = setUp(() => Response.json(1, { headers: { etag: '"1"' } }));
  await using _server = server;
  await fetch();
  parts.respond = () => Response.json(2, { headers: { etag: '"2"' } });
  assertEquals(await fetch(), 2);
  parts.respond = () => Response.json(3);
  assertEquals(await fetch(), 3);
  await fetch();
  const sent = parts.asked.map((headers) => headers.get("if-none-match"));
  assertEquals(sent, [null, '"1"', '"2"', null]);
});

Deno.test("fetchJson() keeps the known answer when a request fails", TIME_LIMIT, async () => {
  const { fetch, parts, server } = setUp(() => Response.json(1, { headers: { etag: '"1"' } }));
  await using _server = server;
  await fetch();
  const html = () => new Response("<p>", { headers: { etag: "x" } });
  for (const broken of [() => refusal(500), html]) {
    parts.respond = broken;
    await assertRejects(fetch, FeedError);
  }
  parts.respond = () => new Response(null, { status: 304 });
  assertEquals(await fetch(), 1);
});

Deno.test("fetchJson() sends no condition without validators", TIME_LIMIT, async () => {
  const { fetch, parts, server } = setUp(() => Response.json(1));
  await using _server = server;
  await fetch();
  parts.respond = () => new Response(null, { status: 304 });
  const { fault } = await assertRejects(fetch, FeedError);
  const sent = parts.asked[1]?.get("if-none-match");
  assertEquals([fault, sent], ["unavailable", null]);
});

Deno.test.each([
  { header: LAST_MODIFIED, date: Date.parse(LAST_MODIFIED) },
  { header: "today", date: undefined },
])("fetchJson() returns the date $header", TIME_LIMIT, async ({ header, date }) => {
  await using server = serveLocally(() => Response.json(1, { headers: { date: header } }));
  assertEquals(await sourceAt(server.url).fetch(), { body: 1, date });
});

Deno.test("fetchJson() sends the user agent and accepts JSON", TIME_LIMIT, async () => {
  const asked: Headers[] = [];
  await using server = serveLocally(({ headers }) => {
    asked.push(headers);
    return Response.json(1);
  });
  await sourceAt(server.url).fetch();
  await sourceAt(server.url, { userAgent: "is-bitcoin-lit/1.2.3" }).fetch();
  const agents = asked.map((headers) => headers.get("user-agent"));
  assertEquals(agents, ["is-bitcoin-lit", "is-bitcoin-lit/1.2.3"]);
  assertEquals(asked[0]?.get("accept"), "application/json");
});

Deno.test.each([
  { answer: "429 with seconds", status: 429, retryAfter: "90", ms: 90_000 },
  {
    answer: "503 with a date",
    status: 503,
    retryAfter: "Fri, 02 Jan 2026 12:02:00 GMT",
    ms: 120_000,
  },
  { answer: "429 without Retry-After", status: 429, retryAfter: undefined, ms: 60_000 },
])(
  "fetchJson() sends no request for a while after $answer",
  TIME_LIMIT,
  async ({ status, retryAfter, ms }) => {
    const { fetch, parts, server } = setUp(() => refusal(status, retryAfter));
    await using _server = server;
    const refused = await assertRejects(fetch, FeedError);
    assertEquals([refused.fault, refused.retryAfterMs], ["unavailable", ms]);

    parts.respond = () => Response.json(1);
    parts.now += ms - 1;
    const early = await assertRejects(fetch, FeedError);
    assertEquals([early.fault, early.retryAfterMs, server.requests], ["unavailable", 1, 1]);
    const until = new Date(NOW + ms).toISOString();
    assertEquals(early.message, `The source must not be asked before ${until}`);
    // Whether another address may be asked meanwhile does not change while this one pauses.
    assertEquals([refused, early].map((error) => error instanceof AddressError), [
      status >= 500,
      status >= 500,
    ]);

    parts.now += 1;
    assertEquals([await fetch(), server.requests], [1, 2]);
  },
);

Deno.test("fetchJson() ends a pause when the clock steps back", TIME_LIMIT, async () => {
  const { fetch, parts, server } = setUp(() => refusal(429));
  await using _server = server;
  await assertRejects(fetch, FeedError);
  parts.respond = () => Response.json(1);
  parts.now -= 3_600_000;
  assertEquals(await fetch(), 1);
});

Deno.test(
  "fetchJson() can ask again at once after a failure without Retry-After",
  TIME_LIMIT,
  async () => {
    const { fetch, parts, server } = setUp(() => refusal(503));
    await using _server = server;
    const { retryAfterMs } = await assertRejects(fetch, FeedError);
    parts.respond = () => Response.json(1);
    assertEquals([retryAfterMs, await fetch()], [undefined, 1]);
  },
);

Deno.test.each([{ status: 500 }, { status: 404 }, { status: 429 }, { status: 304 }])(
  "fetchJson() calls status $status unavailable",
  TIME_LIMIT,
  async ({ status }) => {
    const error = await fetchFault(() => new Response(null, { status }));
    assertEquals(error.fault, "unavailable");
    assertEquals(error.message, `The source answered with status ${status}`);
  },
);

Deno.test.each([
  { answer: "HTML", body: "<!doctype html><p>Hi" },
  { answer: "nothing", body: "" },
  { answer: "cut JSON", body: '[{"timestamp":' },
])("fetchJson() calls $answer invalid", TIME_LIMIT, async ({ body }) => {
  const { fault, message } = await fetchFault(() => new Response(body));
  assertEquals([fault, message], ["invalid", "The source's answer is not JSON"]);
});

Deno.test("fetchJson() calls a source that is down unavailable", TIME_LIMIT, async () => {
  const server = serveLocally(() => Response.json(1));
  await server[Symbol.asyncDispose]();
  const error = await assertRejects(sourceAt(server.url).fetch, AddressError);
  assertEquals([error.fault, error.message], ["unavailable", "The source can't be reached"]);
});

Deno.test(
  "fetchJson() calls a source that stalls, before or within its answer, too slow",
  TIME_LIMIT,
  async () => {
    const stalled = Promise.withResolvers<Response>();
    const before = await fetchFault(() => stalled.promise, { timeoutMs: 20 });
    stalled.resolve(new Response());
    const drip = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
    });
    const within = await fetchFault(() => new Response(drip), { timeoutMs: 20 });
    assertEquals([before.fault, within.fault], ["timeout", "timeout"]);
    assertEquals(within.message, "The source took more than 20 ms");
  },
);

Deno.test("fetchJson() ends when its signal aborts", TIME_LIMIT, async () => {
  const stalled = Promise.withResolvers<Response>();
  await using server = serveLocally(() => stalled.promise);
  const stop = new AbortController();
  const fetching = sourceAt(server.url).source.fetchJson(stop.signal);
  stop.abort();
  await assertRejects(() => fetching, FeedError);
  stalled.resolve(new Response());
});

Deno.test.each([
  { location: "/new?page=1", status: 301 },
  { location: "new?page=1", status: 302 },
  { location: "/new?page=1", status: 303 },
  { location: "/new?page=1", status: 307 },
  { location: "/new?page=1", status: 308 },
])(
  "fetchJson() follows $status to $location on the same origin",
  TIME_LIMIT,
  async ({ location, status }) => {
    await using server = serveLocally(({ url }) =>
      new URL(url).pathname === "/new" ? Response.json(url) : redirectTo(location, status)
    );
    assertEquals((await sourceAt(server.url).fetch()).body, `${server.url}new?page=1`);
  },
);

Deno.test("fetchJson() follows three redirects, and no fourth", TIME_LIMIT, async () => {
  function hop({ url }: Request): Response {
    const left = Number(new URL(url).searchParams.get("left"));
    return left === 0 ? Response.json("here") : redirectTo(`?left=${left - 1}`);
  }
  await using server = serveLocally(hop);
  assertEquals((await sourceAt(`${server.url}?left=3`).fetch()).body, "here");
  const { fault, message } = await assertRejects(sourceAt(`${server.url}?left=4`).fetch, FeedError);
  assertEquals([fault, message], ["unavailable", "The source redirects more than 3 times"]);
});

Deno.test("fetchJson() follows no redirect to another origin", TIME_LIMIT, async () => {
  await using other: LocalServer = serveLocally(() => Response.json("inside of the network"));
  const port = new URL(other.url).port;
  const elsewhere = [other.url, `http://localhost:${port}/?key=secret`, `//127.0.0.1:${port}/`];
  for (const location of [...elsewhere, "https://user:secret@127.0.0.1/", "http://["]) {
    const error = await fetchFault(() => redirectTo(location));
    assertEquals([error.fault, error.message], [
      "unavailable",
      "The source redirects to another origin",
    ]);
    assertEquals(describe(error).includes("secret"), false);
  }
  assertEquals(other.requests, 0);
});

Deno.test("fetchJson() calls a redirect without a location unavailable", TIME_LIMIT, async () => {
  const { message } = await fetchFault(() => new Response(null, { status: 302 }));
  assertEquals(message, "The source answered with status 302");
});

Deno.test("fetchJson() quotes no URL in an error or its cause", TIME_LIMIT, async () => {
  const server = serveLocally(() => Response.json(1));
  await server[Symbol.asyncDispose]();
  const { host } = new URL(server.url);
  const url = `http://user:hunter2@${host}/path?api_key=abc)zyx&q=x y`;
  const down = await assertRejects(sourceAt(url).fetch, FeedError);
  assertStringIncludes(describe(down), host);
  for (const secret of ["hunter2", "api_key", "abc", "zyx", "path"]) {
    assertEquals(describe(down).includes(secret), false, `${secret} is in ${describe(down)}`);
  }
});

/** What a log could show of an error. */
function describe(error: Error): string {
  assertInstanceOf(error.cause, Error);
  return Deno.inspect(error);
}
