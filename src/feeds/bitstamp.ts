import * as z from "zod";
import type { Source } from "./feed.ts";
import { MINUTE_MS } from "../samples/bucket.ts";
import { misshapen, refused } from "./errors.ts";
import { type Candle, CANDLE_LIMITS, type CandleAddress, readCandles } from "./candles.ts";
import { DECIMAL } from "./rows.ts";
import { JsonSource, withQuery } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";

const NAME = "Bitstamp";

/** The most minutes that Bitstamp returns, and 30 days of hours. */
const MAX_MINUTES = 1_000;
const MAX_HOURS = 720;

const ANSWER = z.object({ data: z.object({ ohlc: z.array(z.unknown()) }) });

// Bitstamp has two forms of errors.
const ERROR = z.union([
  z.object({ status: z.literal("error") }),
  z.object({ errors: z.array(z.unknown()) }),
]);

const CANDLE = z.object({
  timestamp: DECIMAL.pipe(z.int()),
  open: DECIMAL,
  high: DECIMAL,
  low: DECIMAL,
  close: DECIMAL,
}).transform(({ timestamp, ...prices }): Candle => ({ seconds: timestamp, ...prices }));

/** Bitstamp's candles of Bitcoin in US dollars. */
export function createBitstamp({ url, period }: CandleAddress, options: RequestOptions): Source {
  const address = withQuery(url, {
    step: `${period.ms / 1_000}`,
    limit: `${period.ms === MINUTE_MS ? MAX_MINUTES : MAX_HOURS}`,
    exclude_current_candle: "true",
  });
  const json = new JsonSource({ name: NAME, url: address, ...CANDLE_LIMITS }, options);
  return {
    name: "bitstamp",
    metrics: ["price"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      const rows = parseAnswer(body);
      return readCandles(rows, { name: NAME, candle: CANDLE, period, now: options.now(), date });
    },
  };
}

function parseAnswer(body: unknown): unknown {
  if (ERROR.safeParse(body).success) throw refused(NAME, body);
  const answer = ANSWER.safeParse(body);
  if (!answer.success) throw misshapen(NAME, answer.error);
  return answer.data.data.ohlc;
}
