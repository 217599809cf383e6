import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { createBitstamp } from "../../src/feeds/bitstamp.ts";
import { MINUTES } from "../../src/feeds/candles.ts";
import { bitstampRow } from "../helpers/exchange_answers.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 0, 30);
const CANDLE = { time: NOW - 90_000, close: 37_200 };
const TIME_LIMIT = { timeout: 60_000 };

async function fetchAnswer(answer: unknown) {
  await using server = serveLocally(() => Response.json(answer));
  return await createBitstamp({ url: server.url, period: MINUTES }, { now: () => NOW })
    .fetchSamples(AbortSignal.timeout(30_000));
}

Deno.test.each([
  { fault: "nothing", row: null },
  { fault: "no close", row: { ...bitstampRow(CANDLE), close: undefined } },
  { fault: "a time in words", row: { ...bitstampRow(CANDLE), timestamp: "now" } },
  { fault: "a price in words", row: { ...bitstampRow(CANDLE), close: "high" } },
])("fetchSamples() rejects Bitstamp's candle with $fault", TIME_LIMIT, async ({ row }) => {
  const answer = { data: { pair: "BTC/USD", ohlc: [row, bitstampRow(CANDLE)] } };
  const { samples, rejected } = await fetchAnswer(answer);
  assertEquals([samples.length, rejected], [1, 1]);
});

Deno.test.each([
  { answer: { code: "unknown_pair", errors: [{ field: "pair" }] }, text: "unknown_pair" },
  { answer: { status: "error", reason: "Maintenance" }, text: "Maintenance" },
  { answer: { status: "error", reason: { pair: ["no"] } }, text: "pair" },
])(
  "fetchSamples() calls Bitstamp's error with status 200 unavailable: $answer",
  TIME_LIMIT,
  async ({ answer, text }) => {
    const error = await assertRejects(() => fetchAnswer(answer), FeedError);
    assertEquals([error.fault, error.message], ["unavailable", "Bitstamp answered with an error"]);
    assertEquals((error.cause as Error).message.includes(text), true);
  },
);

Deno.test(
  "fetchSamples() keeps no more than 500 characters of Bitstamp's error",
  TIME_LIMIT,
  async () => {
    const answer = { status: "error", reason: "x".repeat(10_000) };
    const { cause } = await assertRejects(() => fetchAnswer(answer), FeedError);
    assertEquals((cause as Error).message.length, 500);
  },
);
