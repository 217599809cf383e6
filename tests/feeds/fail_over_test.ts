import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { FailOver, JsonSource } from "../../src/feeds/json_source.ts";
import { NOWHERE } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const TIME_LIMIT = { timeout: 10_000 };

function failOver(urls: readonly string[], { now = () => NOW, timeoutMs = 5_000 } = {}) {
  const options = { now, bounds: { timeoutMs } };
  const addresses = urls.map((url) => new JsonSource({ name: "The source", url }, options));
  const source = new FailOver(addresses);
  return { source, fetch: async () => (await source.fetchJson(AbortSignal.timeout(5_000))).body };
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
])("fetchJson() asks the second address when the first $fault", TIME_LIMIT, async ({ respond }) => {
  await using first = serveLocally(respond);
  await using second = serveLocally(() => Response.json(2));
  assertEquals(await failOver([first.url, second.url], { timeoutMs: 200 }).fetch(), 2);
});

Deno.test(
  "fetchJson() asks the second address while the first pauses after a 503",
  TIME_LIMIT,
  async () => {
    await using first = serveLocally(() => refuse(503, { "retry-after": "60" }));
    await using second = serveLocally(() => Response.json(2));
    const { fetch } = failOver([first.url, second.url]);
    assertEquals([await fetch(), await fetch(), first.requests], [2, 2, 1]);
  },
);

Deno.test.each([
  { answer: "404", respond: () => refuse(404), fault: "unavailable" },
  { answer: "429", respond: () => refuse(429), fault: "unavailable" },
  { answer: "HTML", respond: () => new Response("<p>"), fault: "invalid" },
])("fetchJson() asks no second address after $answer", TIME_LIMIT, async ({ respond, fault }) => {
  await using first = serveLocally(respond);
  await using second = serveLocally(() => Response.json(2));
  const { fetch } = failOver([first.url, second.url]);
  for (const _ of [1, 2]) assertEquals((await assertRejects(fetch, FeedError)).fault, fault);
  assertEquals(second.requests, 0);
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

Deno.test("pause() stops requests to all addresses", TIME_LIMIT, async () => {
  let now = NOW;
  await using server = serveLocally(() => Response.json(1));
  const { source, fetch } = failOver([NOWHERE, server.url], { now: () => now });
  const error = new FeedError("unavailable", "slow down", { retryAfterMs: 1_000 });
  assertEquals(source.pause(error), error);
  await assertRejects(fetch, FeedError, "must not be asked before");
  assertEquals(server.requests, 0);
  now += 1_000;
  assertEquals(await fetch(), 1);
});
