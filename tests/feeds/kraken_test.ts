import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { MINUTES } from "../../src/feeds/candles.ts";
import { createKraken } from "../../src/feeds/kraken.ts";
import { krakenAnswer, krakenRow } from "../helpers/exchange_answers.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 0, 30);
const MINUTE_MS = 60_000;
const CLOSED = NOW - 30_000 - MINUTE_MS;
const CANDLE = { time: CLOSED, close: 37_200 };
const TIME_LIMIT = { timeout: 60_000 };

async function fetchAnswer(answer: unknown) {
  await using server = serveLocally(() => Response.json(answer));
  return await createKraken({ url: server.url, period: MINUTES }, { now: () => NOW })
    .fetchSamples(AbortSignal.timeout(30_000));
}

Deno.test(
  "fetchSamples() drops Kraken's last candle, though its time has passed",
  TIME_LIMIT,
  async () => {
    const answer = krakenAnswer([{ time: CLOSED - MINUTE_MS, close: 37_100 }, CANDLE]);
    assertEquals((await fetchAnswer(answer)).samples, [
      { metric: "price", timestamp: CLOSED - MINUTE_MS, value: 37_100 },
    ]);
  },
);

Deno.test(
  "fetchSamples() finds Kraken's pair under any name, before or after `last`",
  TIME_LIMIT,
  async () => {
    const rows = [krakenRow(CANDLE), krakenRow({ time: NOW, close: 1 })];
    for (const result of [{ last: 1, XBTUSD: rows }, { "BTC/USD": rows, last: 1 }]) {
      assertEquals((await fetchAnswer({ error: [], result })).samples.length, 1);
    }
  },
);

Deno.test.each([
  { fault: "nothing", row: null },
  { fault: "too few fields", row: krakenRow(CANDLE).slice(0, 4) },
  { fault: "a time in words", row: ["now", ...krakenRow(CANDLE).slice(1)] },
  { fault: "a price in words", row: [CLOSED / 1_000, "1", "1", "1", "high", "1", "1", 1] },
])("fetchSamples() rejects Kraken's candle with $fault", TIME_LIMIT, async ({ row }) => {
  const result = { XXBTZUSD: [krakenRow(CANDLE), row, krakenRow(CANDLE)], last: 1 };
  const { samples, rejected } = await fetchAnswer({ error: [], result });
  assertEquals([samples.length, rejected], [1, 1]);
});

Deno.test.each([
  { answer: "no list of errors", body: { result: { XXBTZUSD: [], last: 1 } } },
  { answer: "no pair", body: { error: [], result: { last: 1 } } },
  { answer: "rows that are no list", body: { error: [], result: { XXBTZUSD: {}, last: 1 } } },
  { answer: "nothing but the open candle", body: krakenAnswer([CANDLE]) },
])("fetchSamples() calls Kraken's answer with $answer invalid", TIME_LIMIT, async ({ body }) => {
  const { fault } = await assertRejects(() => fetchAnswer(body), FeedError);
  assertEquals(fault, "invalid");
});

Deno.test(
  "fetchSamples() calls Kraken's error with status 200 unavailable, its text in the cause",
  TIME_LIMIT,
  async () => {
    const answer = { ...krakenAnswer([CANDLE, CANDLE]), error: ["EService:Unavailable"] };
    const error = await assertRejects(() => fetchAnswer(answer), FeedError);
    assertEquals([error.fault, error.message], ["unavailable", "Kraken answered with an error"]);
    assertEquals(error.retryAfterMs, undefined);
    assertEquals((error.cause as Error).message, "EService:Unavailable");
  },
);

Deno.test(
  "fetchSamples() takes Kraken's candles beside warnings, and not beside errors",
  TIME_LIMIT,
  async () => {
    const answer = krakenAnswer([CANDLE, { time: NOW, close: 1 }]);
    const warning = "WGeneral:Deprecated";
    const { samples } = await fetchAnswer({ ...answer, error: [warning, "WDatabase:Slow"] });
    assertEquals(samples.length, 1);
    const error = [warning, "EGeneral:Internal error"];
    const { cause } = await assertRejects(() => fetchAnswer({ ...answer, error }), FeedError);
    assertEquals((cause as Error).message, "EGeneral:Internal error");
    await assertRejects(() => fetchAnswer({ error: [warning] }), FeedError, "another shape");
    await assertRejects(() => fetchAnswer({ ...answer, error: [7] }), FeedError, "another shape");
  },
);

Deno.test.each([
  { error: "EGeneral:Too many requests" },
  { error: "EAPI:Rate limit exceeded" },
  { error: "EService: Throttled: 1767355200" },
  { error: "EGeneral:Temporary lockout" },
])(
  "fetchSamples() sends Kraken nothing for a minute after $error",
  TIME_LIMIT,
  async ({ error }) => {
    let now = NOW;
    let answer: unknown = { error: [error] };
    await using server = serveLocally(() => Response.json(answer));
    const kraken = createKraken({ url: server.url, period: MINUTES }, { now: () => now });
    const fetch = () => kraken.fetchSamples(AbortSignal.timeout(30_000));
    const { fault, message, retryAfterMs } = await assertRejects(fetch, FeedError);
    assertEquals([fault, retryAfterMs], ["unavailable", 60_000]);
    assertEquals(message, "Kraken limits requests now");

    answer = krakenAnswer([CANDLE, CANDLE]);
    now += 59_999;
    await assertRejects(fetch, FeedError);
    assertEquals(server.requests, 1);
    now += 1;
    assertEquals((await fetch()).samples.length, 1);
  },
);
