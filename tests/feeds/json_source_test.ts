import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/core/errors.ts";
import { JsonSource } from "../../src/feeds/json_source.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);

/** A source at a server that answers what the test says, and notes the requests' headers. */
function setUp(respond: (request: Request) => Response) {
  const parts = { now: NOW, respond, asked: [] as Headers[] };
  const server = serveLocally((request) => {
    parts.asked.push(request.headers);
    return parts.respond(request);
  });
  const source = new JsonSource({ name: "The source", url: server.url, clock: () => parts.now });
  return {
    ...{ parts, server, source },
    fetch: () => source.fetchJson(AbortSignal.timeout(5_000)),
  };
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
])("fetchJson() takes a 304 after $validator for the same answer", async ({ given, sent }) => {
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
});

Deno.test("fetchJson() takes a new answer, and its validators, for the old ones", async () => {
  const { fetch, parts, server } = setUp(() => Response.json(1, { headers: { etag: '"1"' } }));
  await using _server = server;
  await fetch();
  parts.respond = () => Response.json(2, { headers: { etag: '"2"' } });
  assertEquals(await fetch(), 2);
  parts.respond = () => Response.json(3);
  assertEquals(await fetch(), 3);
  await fetch();
  assertEquals(parts.asked.map((headers) => headers.get("if-none-match")), [
    ...[null, '"1"', '"2"', null],
  ]);
});

Deno.test("fetchJson() keeps what it knows when a request fails", async () => {
  const { fetch, parts, server } = setUp(() => Response.json(1, { headers: { etag: '"1"' } }));
  await using _server = server;
  await fetch();
  for (
    const broken of [() => refusal(500), () => new Response("<p>", { headers: { etag: "x" } })]
  ) {
    parts.respond = broken;
    await assertRejects(fetch, FeedError);
  }
  parts.respond = () => new Response(null, { status: 304 });
  assertEquals(await fetch(), 1);
});

Deno.test("fetchJson() asks for the whole each time without validators", async () => {
  const { fetch, parts, server } = setUp(() => Response.json(1));
  await using _server = server;
  await fetch();
  parts.respond = () => new Response(null, { status: 304 });
  const { fault } = await assertRejects(fetch, FeedError);
  assertEquals([fault, parts.asked[1]?.get("if-none-match")], ["unavailable", null]);
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
])("fetchJson() leaves the source alone after $answer", async ({ status, retryAfter, ms }) => {
  const { fetch, parts, server } = setUp(() => refusal(status, retryAfter));
  await using _server = server;
  const refused = await assertRejects(fetch, FeedError);
  assertEquals([refused.fault, refused.retryAfterMs], ["unavailable", ms]);

  parts.respond = () => Response.json(1);
  parts.now += ms - 1;
  const early = await assertRejects(fetch, FeedError);
  assertEquals([early.fault, early.retryAfterMs, server.requests], ["unavailable", 1, 1]);
  const until = new Date(NOW + ms).toISOString();
  assertEquals(early.message, `The source is to be left alone until ${until}`);

  parts.now += 1;
  assertEquals([await fetch(), server.requests], [1, 2]);
});

Deno.test("fetchJson() asks again at once after a failure without Retry-After", async () => {
  const { fetch, parts, server } = setUp(() => refusal(503));
  await using _server = server;
  const { retryAfterMs } = await assertRejects(fetch, FeedError);
  parts.respond = () => Response.json(1);
  assertEquals([retryAfterMs, await fetch()], [undefined, 1]);
});
