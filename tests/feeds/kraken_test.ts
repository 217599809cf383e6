import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/core/errors.ts";
import { createKraken } from "../../src/feeds/kraken.ts";
import { krakenAnswer, krakenRow } from "../helpers/live_sources.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 0, 30);
const MINUTE_MS = 60_000;
const OPEN = NOW - 30_000;
const CLOSED = OPEN - MINUTE_MS;

async function fetchAnswer(answer: unknown) {
  await using server = serveLocally(() => Response.json(answer));
  return await createKraken({ url: server.url, clock: () => NOW })
    .fetchSamples(AbortSignal.timeout(5_000));
}

/** Kraken's answer with `rows` before the open candle. */
function answerWith(...rows: unknown[]) {
  return { error: [], result: { XXBTZUSD: [...rows, krakenRow({ time: OPEN })], last: 1 } };
}

Deno.test("fetchSamples() takes the average of a candle at its start, and no open candle", async () => {
  const answer = krakenAnswer([
    { time: CLOSED - MINUTE_MS, average: "37100.5" },
    { time: CLOSED, average: "37200.25" },
    { time: OPEN, average: "1.0" },
  ]);
  assertEquals(await fetchAnswer(answer), {
    samples: [
      { metric: "price", timestamp: CLOSED - MINUTE_MS, value: 37_100.5 },
      { metric: "price", timestamp: CLOSED, value: 37_200.25 },
    ],
    rejected: 0,
  });
});

Deno.test("fetchSamples() takes the close of a candle without trades", async () => {
  const quiet = krakenRow({ time: CLOSED, close: "37150.0", average: "0.0", trades: 0 });
  const { samples } = await fetchAnswer(answerWith(quiet));
  assertEquals(samples.map(({ value }) => value), [37_150]);
});

Deno.test("fetchSamples() finds the pair under any name, before or after `last`", async () => {
  const rows = [krakenRow({ time: CLOSED }), krakenRow({ time: OPEN })];
  for (const result of [{ last: 1, XBTUSD: rows }, { "BTC/USD": rows, last: 1 }]) {
    assertEquals((await fetchAnswer({ error: [], result })).samples.length, 1);
  }
});

Deno.test.each([
  { fault: "nothing", row: null },
  { fault: "too few fields", row: krakenRow({ time: CLOSED }).slice(0, 7) },
  { fault: "a time in words", row: ["now", ...krakenRow({ time: CLOSED }).slice(1)] },
  { fault: "a time in milliseconds", row: krakenRow({ time: CLOSED * 1_000 }) },
  { fault: "a time more than 5 minutes ahead", row: krakenRow({ time: NOW + 330_000 }) },
  { fault: "an average in words", row: krakenRow({ time: CLOSED, average: "high" }) },
  { fault: "trades and an average of zero", row: krakenRow({ time: CLOSED, average: "0.0" }) },
  { fault: "a negative average", row: krakenRow({ time: CLOSED, average: "-1.0" }) },
])("fetchSamples() rejects a candle with $fault and keeps its neighbour", async ({ row }) => {
  const { samples, rejected } = await fetchAnswer(answerWith(krakenRow({ time: CLOSED }), row));
  assertEquals([samples.length, rejected], [1, 1]);
});

Deno.test.each([
  { answer: "an array", body: [] },
  { answer: "no list of errors", body: { result: { XXBTZUSD: [], last: 1 } } },
  { answer: "no result", body: { error: [] } },
  { answer: "no pair", body: { error: [], result: { last: 1 } } },
  { answer: "rows that are no list", body: { error: [], result: { XXBTZUSD: {}, last: 1 } } },
  { answer: "nothing but the open candle", body: answerWith() },
  { answer: "no valid candle", body: answerWith([], null) },
])("fetchSamples() calls $answer invalid", async ({ body }) => {
  const { fault } = await assertRejects(() => fetchAnswer(body), FeedError);
  assertEquals(fault, "invalid");
});

Deno.test("fetchSamples() calls an error with status 200 unavailable, and tells it to the log only", async () => {
  const answer = { error: ["EService:Unavailable"], result: krakenAnswer([]).result };
  const error = await assertRejects(() => fetchAnswer(answer), FeedError);
  assertEquals([error.fault, error.message, error.retryAfterMs], [
    ...["unavailable", "Kraken answered with an error", undefined],
  ]);
  assertEquals((error.cause as Error).message, "EService:Unavailable");
});

Deno.test.each([
  { error: "EGeneral:Too many requests" },
  { error: "EAPI:Rate limit exceeded" },
  { error: "EService: Throttled: 1767355200" },
  { error: "EGeneral:Temporary lockout" },
])("fetchSamples() leaves Kraken alone for a minute after $error", async ({ error }) => {
  let now = NOW;
  let answer: unknown = { error: [error] };
  await using server = serveLocally(() => Response.json(answer));
  const kraken = createKraken({ url: server.url, clock: () => now });
  const fetch = () => kraken.fetchSamples(AbortSignal.timeout(5_000));
  const { fault, retryAfterMs } = await assertRejects(fetch, FeedError);
  assertEquals([fault, retryAfterMs], ["unavailable", 60_000]);

  answer = answerWith(krakenRow({ time: CLOSED }));
  now += 59_999;
  await assertRejects(fetch, FeedError);
  assertEquals(server.requests, 1);
  now += 1;
  assertEquals((await fetch()).samples.length, 1);
});
