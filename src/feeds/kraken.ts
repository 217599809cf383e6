import * as z from "zod";
import { shorten } from "../log.ts";
import type { Source } from "./feed.ts";
import { MINUTE_MS } from "../samples/bucket.ts";
import { limited, misshapen, refused } from "./errors.ts";
import { type Candle, CANDLE_LIMITS, type CandleAddress, readCandles } from "./candles.ts";
import { DECIMAL } from "./rows.ts";
import { JsonSource, withQuery } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";

const NAME = "Kraken";

const RATE_LIMIT = /Too many requests|Rate limit|Throttled|Temporary lockout/i;

// The result holds the rows under the pair's own name, which differs from the configured one, and
// `last`.
const ANSWER = z.object({
  error: z.array(z.unknown()),
  result: z.custom<object>((value) => typeof value === "object" && value !== null).default({}),
});

/** Start in seconds, open, high, low, close; then averages and volumes. */
const CANDLE = z.tuple([z.int(), DECIMAL, DECIMAL, DECIMAL, DECIMAL]).rest(z.unknown())
  .transform(([seconds, open, high, low, close]): Candle => ({ seconds, open, high, low, close }));

/** Kraken's candles of Bitcoin in US dollars: the newest 720. */
export function createKraken({ url, period }: CandleAddress, options: RequestOptions): Source {
  const address = withQuery(url, { interval: `${period.ms / MINUTE_MS}` });
  const json = new JsonSource({ name: NAME, url: address, ...CANDLE_LIMITS }, options);
  return {
    name: "kraken",
    metrics: ["price"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      const rows = parseAnswer(body, json);
      return readCandles(rows, { name: NAME, candle: CANDLE, period, now: options.now(), date });
    },
  };
}

/** Errors come with status 200. */
function parseAnswer(body: unknown, json: JsonSource): unknown {
  const answer = ANSWER.safeParse(body);
  if (!answer.success) throw misshapen(NAME, answer.error);
  const { error, result } = answer.data;
  if (error.length === 0) return findClosed(result);
  const texts = error.filter((it) => typeof it === "string");
  if (texts.length < error.length) throw misshapen(NAME, new Error("an error is no text"));
  const text = shorten(texts.join("; "));
  if (!RATE_LIMIT.test(text)) throw refused(NAME, text);
  throw json.pause(limited(NAME, text));
}

/** All candles but the last, which is open even if its time has passed: Kraken's clock may be late. */
function findClosed(result: object): unknown {
  const [, rows] = Object.entries(result).find(([key]) => key !== "last") ?? [];
  return Array.isArray(rows) ? rows.slice(0, -1) : rows;
}
