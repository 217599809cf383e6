import * as z from "zod";
import type { Source } from "./feed.ts";
import { refused } from "./errors.ts";
import { type Candle, CANDLE_LIMITS, type CandleAddress, readCandles } from "./candles.ts";
import { DECIMAL } from "./rows.ts";
import { JsonSource, withQuery } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";

const NAME = "Coinbase";

const ERROR = z.object({ message: z.string() });

/** Start in seconds, low, high, open, close; then the volume. */
const CANDLE = z.tuple([z.int(), DECIMAL, DECIMAL, DECIMAL, DECIMAL]).rest(z.unknown())
  .transform(([seconds, low, high, open, close]): Candle => ({ seconds, open, high, low, close }));

/** Coinbase Exchange's candles of Bitcoin in US dollars: at most 300, without those of no trade. */
export function createCoinbase({ url, period }: CandleAddress, options: RequestOptions): Source {
  const address = withQuery(url, { granularity: `${period.ms / 1_000}` });
  const json = new JsonSource({ name: NAME, url: address, ...CANDLE_LIMITS }, options);
  return {
    name: "coinbase",
    metrics: ["price"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      const error = ERROR.safeParse(body);
      if (error.success) throw refused(NAME, error.data.message);
      return readCandles(body, { name: NAME, candle: CANDLE, period, now: options.now(), date });
    },
  };
}
