import * as z from "zod/mini";
import { HOUR_MS, MINUTE_MS } from "../samples/bucket.ts";
import { isPlausible, type Sample } from "../samples/sample.ts";
import { FeedError } from "./errors.ts";
import type { SourceAnswer } from "./feed.ts";
import type { JsonAnswer } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";
import { readRows } from "./rows.ts";

/** A tick can do without one price: it must not wait long for it, nor for parsing what can't be one. */
export const CANDLE_LIMITS = { timeoutMs: 5_000, maxRows: 2_000 };

/** A high or low further from the mean of open and close is a stray trade, not the market. */
const MAX_STRAY = 0.1;

/** What an exchange traded at in one period; `seconds` is its start in Unix seconds. */
export interface Candle {
  readonly seconds: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** How much was traded; 0 where an exchange repeats its last price. */
  readonly volume?: number | undefined;
}

/** How long candles last, and which price stands for one. */
export interface Period {
  readonly ms: number;
  readonly priceOf: (candle: Candle) => number;
  /** How many are read, the newest first. Without a limit, a broken source could add months of prices. */
  readonly count: number;
  /** How old the newest candle may be, in milliseconds, from its start. @default Infinity */
  readonly maxAgeMs?: number;
}

/** Where candles come from, and how long they last. */
export interface CandleAddress {
  readonly url: string;
  readonly period: Period;
}

/** What reading candles needs. */
export interface ReadCandlesOptions extends Pick<RequestOptions, "now" | "wallNow"> {
  /** What errors call the source. */
  readonly name: string;
  /** Parses one row. */
  readonly candle: z.core.$ZodType<Candle>;
  readonly period: Period;
  /** The answer's date. */
  readonly date: JsonAnswer["date"];
}

/** One-minute candles, at their closing price. An exchange that brings only old ones has stopped. */
export const MINUTES: Period = {
  ms: MINUTE_MS,
  priceOf: ({ close }) => close,
  count: 1_000,
  maxAgeMs: 10 * MINUTE_MS,
};

/** 30 days of hourly candles, at the mean of their four prices: nearer to the average than the close. */
export const HOURS: Period = {
  ms: HOUR_MS,
  count: 720,
  priceOf({ open, high, low, close }) {
    const middle = (open + close) / 2;
    const isStray = high > middle * (1 + MAX_STRAY) || low < middle * (1 - MAX_STRAY);
    return isStray ? middle : (open + high + low + close) / 4;
  },
};

/**
 * Reads the newest closed candles as prices, oldest first. A candle is closed once the earlier of our clock
 * and the answer's date has passed its end: the series keep the first value, so an open candle's
 * would stay. One without trades is no price: a halted market repeats its last one.
 *
 * @throws {FeedError} `invalid` as {@linkcode readRows} does; `unavailable` if all prices are too old
 */
export async function readCandles(
  rows: unknown,
  options: ReadCandlesOptions,
): Promise<SourceAnswer> {
  const { candle, period, date = Infinity, name } = options;
  const now = options.now();
  const row = z.pipe(
    candle,
    z.transform((parsed: Candle, { issues }): readonly Sample[] => {
      const timestamp = parsed.seconds * 1_000;
      // Shifted minutes would become separate entries between those of the other sources.
      const isAligned = timestamp % period.ms === 0;
      if (!isAligned || !isSound(parsed, { timestamp, now })) {
        issues.push({ code: "custom", message: "must be a sound candle", input: parsed });
      }
      if (parsed.volume === 0) return [];
      return [{ metric: "price", timestamp, value: period.priceOf(parsed) }];
    }),
  );
  const { samples, rejected } = await readRows(rows, { name, row, now });
  const closedAt = Math.min(now, date);
  const oldest = now - (period.count + 1) * period.ms;
  const closed = samples.filter(({ timestamp }) =>
    timestamp >= oldest && timestamp + period.ms <= closedAt
  );
  const sorted = closed.sort((a, b) => a.timestamp - b.timestamp);
  refuseOld(sorted, options);
  return { samples: sorted.slice(-period.count), rejected };
}

function isSound(
  { open, high, low, close, volume = 0 }: Candle,
  { timestamp, now }: { timestamp: number; now: number },
): boolean {
  const isInOrder = low <= Math.min(open, close) && Math.max(open, close) <= high;
  return isInOrder && volume >= 0 &&
    [low, high].every((value) => isPlausible({ metric: "price", timestamp, value }, now));
}

/**
 * By our wall clock alone. A frozen answer out of a cache may have an old date as well; a time that never
 * steps back stays ahead for ever if the clock was ahead at the start, and all exchanges would be too old.
 */
function refuseOld(
  sorted: readonly Sample[],
  { name, period: { maxAgeMs = Infinity }, now, wallNow = now }: ReadCandlesOptions,
): void {
  const newest = sorted.at(-1)?.timestamp ?? -Infinity;
  if (wallNow() - newest < maxAgeMs) return;
  const found = sorted.length === 0 ? "none" : new Date(newest).toISOString();
  const limit = `${maxAgeMs / MINUTE_MS} minutes`;
  const message = `${name} must have a minute newer than ${limit}, has ${found}`;
  throw new FeedError("unavailable", message, { isFinal: true });
}
