import * as z from "zod/mini";
import { MINUTE_MS } from "../samples/bucket.ts";
import { type Candle, CANDLE_LIMITS, type CandleAddress, readCandles } from "./candles.ts";
import { misshapen } from "./errors.ts";
import type { Source } from "./feed.ts";
import { JsonSource, type Refusal, withQuery } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";
import { DECIMAL } from "./rows.ts";

const NAME = "Bitstamp";

/** The most minutes that Bitstamp returns, and 30 days of hours. */
const MAX_MINUTES = 1_000;
const MAX_HOURS = 720;

const ANSWER = z.object({ data: z.object({ ohlc: z.unknown() }) });

// Bitstamp has two forms of errors.
const ERROR = z.union([
  z.object({ status: z.literal("error") }),
  z.object({ errors: z.array(z.unknown()).check(z.minLength(1)) }),
]);

const CANDLE = z.pipe(
  z.object({
    timestamp: z.pipe(DECIMAL, z.int()),
    open: DECIMAL,
    high: DECIMAL,
    low: DECIMAL,
    close: DECIMAL,
    volume: z.optional(DECIMAL),
  }),
  z.transform(({ timestamp, ...prices }): Candle => ({ seconds: timestamp, ...prices })),
);

/** Bitstamp's candles of Bitcoin in US dollars. */
export function createBitstamp({ url, period }: CandleAddress, options: RequestOptions): Source {
  const urls = [
    withQuery(url, {
      step: `${period.ms / 1_000}`,
      limit: `${period.ms === MINUTE_MS ? MAX_MINUTES : MAX_HOURS}`,
      exclude_current_candle: "true",
    }),
  ];
  const json = new JsonSource({ name: NAME, urls, ...CANDLE_LIMITS, findRefusal }, options);
  return {
    name: "bitstamp",
    metrics: ["price"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      const answer = ANSWER.safeParse(body);
      if (!answer.success) throw misshapen(NAME, answer.error);
      const rows = answer.data.data.ohlc;
      return readCandles(rows, { ...options, name: NAME, candle: CANDLE, period, date });
    },
  };
}

function findRefusal(body: unknown): Refusal | undefined {
  return ERROR.safeParse(body).success ? { kind: "other", said: body } : undefined;
}
