import * as z from "zod";
import { FeedError } from "../core/errors.ts";
import type { Feed } from "../core/ports.ts";
import type { Sample } from "../core/sample.ts";
import { DECIMAL } from "./decimal.ts";
import { JsonSource, type JsonSourceOptions } from "./json_source.ts";
import { readRows } from "./rows.ts";

const NAME = "Kraken";

const TOO_MANY_REQUESTS = /Too many requests|Rate limit|Throttled|Temporary lockout/i;

// The result holds the rows under the pair's own name, which is not the one asked for, and `last`.
const ANSWER = z.object({
  error: z.array(z.string()),
  result: z.record(z.string(), z.unknown()).default({}),
});

const UNREAD = z.unknown();

/** Start in seconds, open, high, low, close, volume-weighted average, volume, count of trades. */
const CANDLE = z.tuple([z.int(), UNREAD, UNREAD, UNREAD, DECIMAL, DECIMAL, UNREAD, z.int()])
  .rest(UNREAD)
  .transform(([seconds, _open, _high, _low, close, average, _volume, trades]) => ({
    timestamp: seconds * 1_000,
    // A candle without trades has an average of zero and repeats the last price.
    value: trades > 0 ? average : close,
  }));

const ROW = CANDLE.pipe(z.object({ timestamp: z.int(), value: z.number().positive() }))
  .transform((candle): Sample[] => [{ metric: "price", ...candle }]);

/** Kraken's one-minute candles of the last 12 hours: the price. */
export function createKraken(options: Omit<JsonSourceOptions, "name">): Feed {
  const source = new JsonSource({ ...options, name: NAME });
  return {
    name: "kraken",
    async fetchSamples(signal) {
      const rows = parseAnswer(await source.fetchJson(signal), source);
      return readRows(rows, { name: NAME, row: ROW, now: options.clock() });
    },
  };
}

/** Takes the rows from an answer; errors come with status 200, and what they say is for the log. */
function parseAnswer(answer: unknown, source: JsonSource): unknown {
  const parsed = ANSWER.safeParse(answer);
  if (!parsed.success) {
    throw new FeedError("invalid", `${NAME}'s answer has another shape`, { cause: parsed.error });
  }
  const { error: errors, result } = parsed.data;
  if (errors.length === 0) return findClosed(result);
  const cause = new Error(errors.join("; "));
  if (TOO_MANY_REQUESTS.test(cause.message)) {
    throw source.pause(`${NAME} refuses more requests for now`, { cause });
  }
  throw new FeedError("unavailable", `${NAME} answered with an error`, { cause });
}

/** All candles but the last: it is open, and the series would keep a value that still changes. */
function findClosed(result: Record<string, unknown>): unknown {
  const [, rows] = Object.entries(result).find(([key]) => key !== "last") ?? [];
  return Array.isArray(rows) ? rows.slice(0, -1) : rows;
}
