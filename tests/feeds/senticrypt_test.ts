import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FeedError } from "../../src/core/errors.ts";
import type { Feed } from "../../src/core/ports.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2021, 6, 7, 18);
const SECONDS = NOW / 1_000;
const ROW = { timestamp: SECONDS - 60.5, btc_price: "34500.25", mean: 0.2, count: 7, rate: 0 };

function feedAt(url: string, bounds: { timeoutMs?: number; maxBytes?: number } = {}): Feed {
  return createSentiCrypt({ url, clock: () => NOW, ...bounds });
}

async function fetchAnswer(answer: unknown) {
  await using server = serveLocally(() => Response.json(answer));
  return await feedAt(server.url).fetchSamples(AbortSignal.timeout(5_000));
}

async function fetchFault(
  respond: (request: Request) => Response | Promise<Response>,
  bounds: { timeoutMs?: number; maxBytes?: number } = {},
): Promise<FeedError> {
  await using server = serveLocally(respond);
  const fetching = feedAt(server.url, bounds).fetchSamples(AbortSignal.timeout(5_000));
  return await assertRejects(() => fetching, FeedError);
}

Deno.test("fetchSamples() makes two samples of a row and truncates its time to milliseconds", async () => {
  const row = { ...ROW, timestamp: 1625592626.3452034 };
  assertEquals(await fetchAnswer([row]), {
    samples: [
      { metric: "price", timestamp: 1625592626345, value: 34500.25 },
      { metric: "sentiment", timestamp: 1625592626345, value: 0.2 },
    ],
    rejected: 0,
  });
});

Deno.test("fetchSamples() takes a price that is a number", async () => {
  const { samples } = await fetchAnswer([{ ...ROW, btc_price: 34500.25 }]);
  assertEquals(samples[0]?.value, 34500.25);
});

Deno.test("fetchSamples() says who asks", async () => {
  let userAgent: string | null = null;
  await using server = serveLocally((request) => {
    userAgent = request.headers.get("user-agent");
    return Response.json([ROW]);
  });
  await feedAt(server.url).fetchSamples(AbortSignal.timeout(5_000));
  assertEquals(userAgent, "is-bitcoin-lit");
});

Deno.test.each([
  { fault: "no object", row: 7 },
  { fault: "nothing", row: null },
  { fault: "no price", row: { ...ROW, btc_price: undefined } },
  { fault: "an empty price", row: { ...ROW, btc_price: "" } },
  { fault: "a price in words", row: { ...ROW, btc_price: "high" } },
  { fault: "a hexadecimal price", row: { ...ROW, btc_price: "0x10" } },
  { fault: "a price of zero", row: { ...ROW, btc_price: "0" } },
  { fault: "a negative price", row: { ...ROW, btc_price: -1 } },
  { fault: "an infinite price", row: { ...ROW, btc_price: "1e999" } },
  { fault: "no sentiment", row: { ...ROW, mean: null } },
  { fault: "sentiment above 1", row: { ...ROW, mean: 1.01 } },
  { fault: "sentiment below −1", row: { ...ROW, mean: -1.01 } },
  { fault: "a time in words", row: { ...ROW, timestamp: "now" } },
  { fault: "a time before 2009", row: { ...ROW, timestamp: 1230767999 } },
  { fault: "a time in milliseconds", row: { ...ROW, timestamp: NOW } },
  { fault: "a time more than 5 minutes ahead", row: { ...ROW, timestamp: SECONDS + 300.001 } },
])("fetchSamples() rejects a row with $fault and keeps its neighbour", async ({ row }) => {
  const { samples, rejected } = await fetchAnswer([row, ROW]);
  assertEquals([samples.length, rejected], [2, 2]);
});

Deno.test("fetchSamples() takes a row that is 5 minutes ahead", async () => {
  const { rejected } = await fetchAnswer([{ ...ROW, timestamp: SECONDS + 300 }]);
  assertEquals(rejected, 0);
});

Deno.test.each([
  { answer: "HTML", body: "<!doctype html><p>Hi" },
  { answer: "nothing", body: "" },
  { answer: "cut JSON", body: '[{"timestamp":' },
  { answer: "an object", body: "{}" },
  { answer: "no row", body: "[]" },
  { answer: "no valid row", body: '[{"timestamp":1}]' },
])("fetchSamples() calls $answer invalid", async ({ body }) => {
  const { fault } = await fetchFault(() => new Response(body));
  assertEquals(fault, "invalid");
});

Deno.test.each([{ status: 500 }, { status: 404 }, { status: 429 }, { status: 304 }])(
  "fetchSamples() calls status $status unavailable",
  async ({ status }) => {
    const { fault, message } = await fetchFault(() => new Response(null, { status }));
    assertEquals(fault, "unavailable");
    assertStringIncludes(message, String(status));
  },
);

Deno.test("fetchSamples() calls a feed that is down, or redirects for ever, unavailable", async () => {
  const server = serveLocally(() => Response.json([]));
  await server[Symbol.asyncDispose]();
  const down = await assertRejects(
    () => feedAt(server.url).fetchSamples(AbortSignal.timeout(5_000)),
    FeedError,
  );
  const loop = await fetchFault((request) => Response.redirect(request.url));
  assertEquals([down.fault, loop.fault], ["unavailable", "unavailable"]);
});

Deno.test("fetchSamples() reads no more of a body than its limit, however it is packed", async () => {
  let cancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(32)),
    cancel() {
      cancelled = true;
    },
  });
  const plain = await fetchFault(() => new Response(endless), { maxBytes: 1_000_000 });
  const packed = new Blob([new Uint8Array(2_000_000)]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  const headers = { "content-encoding": "gzip" };
  const bomb = await fetchFault(() => new Response(packed, { headers }), { maxBytes: 1_000_000 });
  assertEquals([plain.fault, bomb.fault, cancelled], ["invalid", "invalid", true]);
});

Deno.test("fetchSamples() calls a feed that stalls, before or within its answer, too slow", async () => {
  const stalled = Promise.withResolvers<Response>();
  const before = await fetchFault(() => stalled.promise, { timeoutMs: 20 });
  stalled.resolve(new Response());
  const drip = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
  const within = await fetchFault(() => new Response(drip), { timeoutMs: 20 });
  assertEquals([before.fault, within.fault], ["timeout", "timeout"]);
});

Deno.test("fetchSamples() ends when its signal says so", async () => {
  const stalled = Promise.withResolvers<Response>();
  await using server = serveLocally(() => stalled.promise);
  const stop = new AbortController();
  const fetching = feedAt(server.url).fetchSamples(stop.signal);
  stop.abort();
  await assertRejects(() => fetching, FeedError);
  stalled.resolve(new Response());
});

Deno.test("fetchSamples() never tells the feed's URL", async () => {
  const feed = feedAt("http://user:hunter2@127.0.0.1:1/");
  const { message } = await assertRejects(
    () => feed.fetchSamples(AbortSignal.timeout(5_000)),
    FeedError,
  );
  assertEquals(message, "The feed can't be reached");
});
