import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { JsonSource, type Refusal } from "../../src/feeds/json_source.ts";
import { Pauses } from "../../src/feeds/pauses.ts";
import { NOWHERE } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const TIME_LIMIT = { timeout: 60_000 };

function findRefusal(body: unknown): Refusal | undefined {
  return body === "limit" || body === "busy" ? { kind: body, said: body } : undefined;
}

function failOver(urls: readonly string[], { now = () => NOW, timeoutMs = 30_000 } = {}) {
  const pauses = new Pauses(now);
  const source = new JsonSource({ name: "The source", urls, findRefusal }, {
    now,
    bounds: { timeoutMs },
    pauses,
  });
  return { pauses, fetch: async () => (await source.fetchJson(AbortSignal.timeout(30_000))).body };
}

function refuse(status: number, headers: Record<string, string> = {}): Response {
  return new Response("no", { status, headers });
}

Deno.test("fetchJson() asks the second address only when it needs it", TIME_LIMIT, async () => {
  await using first = serveLocally(() => Response.json(1));
  await using second = serveLocally(() => Response.json(2));
  const { fetch } = failOver([first.url, second.url]);
  assertEquals([await fetch(), await fetch(), second.requests], [1, 1, 0]);
});

Deno.test.each([
  { fault: "answers 500", respond: () => refuse(500) },
  { fault: "answers 503", respond: () => refuse(503) },
  { fault: "stalls", respond: () => new Promise<Response>(() => {}) },
  { fault: "is blocked with 403", respond: () => refuse(403) },
  { fault: "is blocked with 451 and JSON", respond: () => Response.json({}, { status: 451 }) },
  {
    fault: "redirects to another origin",
    respond: () => refuse(302, { location: "http://127.0.0.1:1/blocked" }),
  },
  { fault: "redirects for ever", respond: () => refuse(302, { location: "/" }) },
  { fault: "answers with a page", respond: () => new Response("<!doctype html>") },
  {
    fault: "answers with a page full of code",
    respond: () => new Response(`<script>${"{},".repeat(100_001)}`),
  },
  {
    fault: "challenges with 405 and a page",
    respond: () => refuse(405, { "content-type": "text/html; charset=UTF-8" }),
  },
  { fault: "has a page for 404", respond: () => refuse(404, { "content-type": "text/html" }) },
  { fault: "answers with nothing", respond: () => new Response("") },
  { fault: "is busy", respond: () => Response.json("busy") },
  { fault: "is busy with 400", respond: () => Response.json("busy", { status: 400 }) },
])("fetchJson() asks the second address when the first $fault", TIME_LIMIT, async ({ respond }) => {
  await using first = serveLocally(respond);
  await using second = serveLocally(() => Response.json(2));
  assertEquals(await failOver([first.url, second.url], { timeoutMs: 2_000 }).fetch(), 2);
});

Deno.test.each([
  { fault: "a block", respond: () => refuse(403, { "retry-after": "60" }) },
  { fault: "a 503", respond: () => refuse(503, { "retry-after": "60" }) },
  {
    fault: "busy",
    respond: () => Response.json("busy", { headers: { "retry-after": "60" } }),
  },
])(
  "fetchJson() asks the second address while the first pauses after $fault",
  TIME_LIMIT,
  async ({ respond }) => {
    await using first = serveLocally(respond);
    await using second = serveLocally(() => Response.json(2));
    const { fetch, pauses } = failOver([first.url, second.url]);
    assertEquals([await fetch(), await fetch(), first.requests], [2, 2, 1]);
    assertEquals(Object.keys(pauses.list()), [`The source ${new URL(first.url).host}`]);
  },
);

Deno.test.each([
  { answer: "404", respond: () => refuse(404) },
  { answer: "401", respond: () => refuse(401) },
  { answer: "400 with JSON", respond: () => Response.json({}, { status: 400 }) },
])("fetchJson() asks no second address after $answer", TIME_LIMIT, async ({ respond }) => {
  await using first = serveLocally(respond);
  await using second = serveLocally(() => Response.json(2));
  const { fetch } = failOver([first.url, second.url]);
  for (const _ of [1, 2]) {
    assertEquals((await assertRejects(fetch, FeedError)).fault, "unavailable");
  }
  assertEquals(second.requests, 0);
});

Deno.test.each([
  { limit: "429", ms: 60_000, respond: () => refuse(429) },
  { limit: "429 with a wait", ms: 46_000, respond: () => refuse(429, { "retry-after": "45.2" }) },
  { limit: "200", ms: 60_000, respond: () => Response.json("limit") },
  { limit: "400", ms: 60_000, respond: () => Response.json("limit", { status: 400 }) },
])(
  "fetchJson() asks neither address after a rate limit with $limit",
  TIME_LIMIT,
  async ({ respond, ms }) => {
    let now = NOW;
    let limited = true;
    await using first = serveLocally(() => limited ? respond() : Response.json(1));
    await using second = serveLocally(() => Response.json(2));
    const { fetch } = failOver([first.url, second.url], { now: () => now });
    assertEquals((await assertRejects(fetch, FeedError)).retryAfterMs, ms);
    limited = false;
    now += ms - 1;
    await assertRejects(fetch, FeedError, "must not be asked before");
    assertEquals([first.requests, second.requests], [1, 0]);
    now += 1;
    assertEquals(await fetch(), 1);
  },
);

Deno.test("fetchJson() lets no source pause another at the same host", TIME_LIMIT, async () => {
  await using server = serveLocally(({ url }) => url.endsWith("a") ? refuse(429) : refuse(200));
  const pauses = new Pauses(() => NOW);
  const at = (name: string) =>
    new JsonSource({ name, urls: [`${server.url}${name}`] }, { now: () => NOW, pauses });
  await assertRejects(() => at("a").fetchJson(AbortSignal.timeout(30_000)), FeedError);
  await assertRejects(() => at("a").fetchJson(AbortSignal.timeout(30_000)), FeedError, "before");
  await assertRejects(() => at("b").fetchJson(AbortSignal.timeout(30_000)), FeedError, "not JSON");
});

Deno.test.each([
  { first: "60", second: "30", retryAfterMs: 30_000 },
  { first: "30", second: "60", retryAfterMs: 30_000 },
  { first: "60", second: undefined, retryAfterMs: undefined },
])(
  "fetchJson() names the wait for the address that can be asked first: $first, $second",
  TIME_LIMIT,
  async (waits) => {
    const after = (seconds?: string) => refuse(503, seconds ? { "retry-after": seconds } : {});
    await using first = serveLocally(() => after(waits.first));
    await using second = serveLocally(() => after(waits.second));
    const { retryAfterMs } = await assertRejects(
      failOver([first.url, second.url]).fetch,
      FeedError,
    );
    assertEquals(retryAfterMs, waits.retryAfterMs);
  },
);

Deno.test.each([
  { statuses: [401], isRetriable: false },
  { statuses: [403], isRetriable: false },
  { statuses: [451, 500], isRetriable: false },
  { statuses: [500, 403], isRetriable: false },
  { statuses: [429], isRetriable: false },
  { statuses: [404], isRetriable: true },
  { statuses: [500, 503], isRetriable: true },
])("fetchJson() fails with $statuses, retriable: $isRetriable", TIME_LIMIT, async (row) => {
  const servers = row.statuses.map((status) => serveLocally(() => refuse(status)));
  const { fetch } = failOver(servers.map(({ url }) => url));
  assertEquals((await assertRejects(fetch, FeedError)).isRetriable, row.isRetriable);
  for (const server of servers) await server[Symbol.asyncDispose]();
});

Deno.test("fetchJson() learns pauses of other instances", TIME_LIMIT, async () => {
  await using server = serveLocally(() => Response.json(1));
  const { fetch, pauses } = failOver([NOWHERE, server.url]);
  const pause = { asked_at: new Date(NOW - 1_000).toISOString(), pause_ms: 10_000 };
  pauses.merge({ [`The source ${new URL(server.url).host}`]: pause });
  const { retryAfterMs } = await assertRejects(fetch, FeedError);
  assertEquals([retryAfterMs, server.requests], [undefined, 0]);
});
