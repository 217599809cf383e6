import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { MINUTES } from "../../src/feeds/candles.ts";
import { createCoinbase } from "../../src/feeds/coinbase.ts";
import { coinbaseRow } from "../helpers/exchange_answers.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 0, 30);
const CANDLE = { time: NOW - 90_000, close: 37_200 };
const TIME_LIMIT = { timeout: 60_000 };

async function fetchAnswer(answer: unknown) {
  await using server = serveLocally(() => Response.json(answer));
  return await createCoinbase({ url: server.url, period: MINUTES }, { now: () => NOW })
    .fetchSamples(AbortSignal.timeout(30_000));
}

Deno.test.each([
  { fault: "nothing", row: null },
  { fault: "too few fields", row: coinbaseRow(CANDLE).slice(0, 4) },
  { fault: "a fraction of a second", row: coinbaseRow({ ...CANDLE, time: CANDLE.time + 1 }) },
  { fault: "a price in words", row: [CANDLE.time / 1_000, 1, 1, 1, "high", 1] },
])("fetchSamples() rejects Coinbase's candle with $fault", TIME_LIMIT, async ({ row }) => {
  const { samples, rejected } = await fetchAnswer([row, coinbaseRow(CANDLE)]);
  assertEquals([samples.length, rejected], [1, 1]);
});

Deno.test(
  "fetchSamples() calls Coinbase's message with status 200 unavailable, its text in the cause",
  TIME_LIMIT,
  async () => {
    const error = await assertRejects(() => fetchAnswer({ message: "NotFound" }), FeedError);
    assertEquals([error.fault, error.message], ["unavailable", "Coinbase answered with an error"]);
    assertEquals((error.cause as Error).message, "NotFound");
  },
);
