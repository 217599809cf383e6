import * as z from "zod/mini";
import { MINUTE_MS } from "../samples/bucket.ts";
import { type Candle, CANDLE_LIMITS, type CandleAddress, readCandles } from "./candles.ts";
import { misshapen } from "./errors.ts";
import type { Source } from "./feed.ts";
import { JsonSource, type Refusal, withQuery } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";
import { DECIMAL } from "./rows.ts";

const NAME = "Kraken";

const RATE_LIMIT = /Too many requests|Rate limit|Throttled|Temporary lockout/i;

/** Texts that begin so stand beside a sound result. */
const WARNING = /^W/;

const ERRORS = z.object({ error: z.array(z.unknown()) });

// The result holds the rows under the pair's own name, which differs from the configured one, and
// `last`.
const ANSWER = z.object({
  error: z.array(z.unknown()).check(z.refine((all) => all.every((it) => typeof it === "string"))),
  result: z.custom<object>((value) => typeof value === "object" && value !== null),
});

/** Start in seconds, open, high, low, close, average, volume. */
const CANDLE = z.pipe(
  z.tuple(
    [z.int(), DECIMAL, DECIMAL, DECIMAL, DECIMAL, z.optional(z.unknown()), z.optional(DECIMAL)],
    z.unknown(),
  ),
  z.transform(([seconds, open, high, low, close, , volume]): Candle => (
    { seconds, open, high, low, close, volume }
  )),
);

/** Kraken's candles of Bitcoin in US dollars: the newest 720. */
export function createKraken({ url, period }: CandleAddress, options: RequestOptions): Source {
  const urls = [withQuery(url, { interval: `${period.ms / MINUTE_MS}` })];
  const json = new JsonSource({ name: NAME, urls, ...CANDLE_LIMITS, findRefusal }, options);
  return {
    name: "kraken",
    metrics: ["price"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      const rows = findClosed(body);
      return readCandles(rows, { ...options, name: NAME, candle: CANDLE, period, date });
    },
  };
}

/** Errors come with status 200. */
function findRefusal(body: unknown): Refusal | undefined {
  const { data } = ERRORS.safeParse(body);
  const texts = data?.error.filter((it) => typeof it === "string" && !WARNING.test(it)) ?? [];
  if (texts.length === 0) return undefined;
  const said = texts.slice(0, 5).join("; ");
  return { kind: RATE_LIMIT.test(said) ? "limit" : "other", said };
}

/** All candles but the last, which is open even if its time has passed: Kraken's clock may be late. */
function findClosed(body: unknown): unknown {
  const answer = ANSWER.safeParse(body);
  if (!answer.success) throw misshapen(NAME, answer.error);
  const [, rows] = Object.entries(answer.data.result).find(([key]) => key !== "last") ?? [];
  return Array.isArray(rows) ? rows.slice(0, -1) : rows;
}
