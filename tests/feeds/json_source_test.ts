import { assertEquals, assertRejects } from "@std/assert";
import { AddressError, FeedError } from "../../src/feeds/errors.ts";
import { JsonSource } from "../../src/feeds/json_source.ts";
import type { RequestOptions } from "../../src/feeds/request.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const TIME_LIMIT = { timeout: 60_000 };

type Respond = (request: Request) => Response | Promise<Response>;

function sourceAt(url: string, options: Partial<RequestOptions> = {}) {
  const source = new JsonSource({ name: "The source", urls: [url] }, {
    now: () => NOW,
    ...options,
  });
  return { fetch: () => source.fetchJson(AbortSignal.timeout(30_000)) };
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

async function fetchFault(respond: Respond): Promise<FeedError> {
  await using server = serveLocally(respond);
  return await assertRejects(sourceAt(server.url).fetch, FeedError);
}

function refusal(status: number, retryAfter?: string): Response {
  return new Response("no", { status, headers: retryAfter ? { "retry-after": retryAfter } : {} });
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
  { header: "45.2", date: undefined },
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
    assertEquals([refused, early].map((error) => error instanceof AddressError), [
      status >= 500,
      true,
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

Deno.test.each([{ status: 500 }, { status: 404 }, { status: 429 }, { status: 304 }, {
  status: 302,
}])(
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
