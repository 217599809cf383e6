import * as z from "zod/mini";
import { type Candle, CANDLE_LIMITS, type CandleAddress, readCandles } from "./candles.ts";
import type { Source } from "./feed.ts";
import { JsonSource, type Refusal, withQuery } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";
import { DECIMAL } from "./rows.ts";

const NAME = "Coinbase";

const ERROR = z.object({ message: z.string() });

/** Start in seconds, low, high, open, close, volume. */
const CANDLE = z.pipe(
  z.tuple([z.int(), DECIMAL, DECIMAL, DECIMAL, DECIMAL, z.optional(DECIMAL)], z.unknown()),
  z.transform(([seconds, low, high, open, close, volume]): Candle => (
    { seconds, open, high, low, close, volume }
  )),
);

/** Coinbase Exchange's candles of Bitcoin in US dollars: at most 300, without those of no trade. */
export function createCoinbase({ url, period }: CandleAddress, options: RequestOptions): Source {
  const urls = [withQuery(url, { granularity: `${period.ms / 1_000}` })];
  const json = new JsonSource({ name: NAME, urls, ...CANDLE_LIMITS, findRefusal }, options);
  return {
    name: "coinbase",
    metrics: ["price"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      return readCandles(body, { ...options, name: NAME, candle: CANDLE, period, date });
    },
  };
}

function findRefusal(body: unknown): Refusal | undefined {
  const { data } = ERROR.safeParse(body);
  return data && { kind: "other", said: data.message };
}
