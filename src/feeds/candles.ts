import * as z from "zod";
import { FeedError } from "./errors.ts";
import type { SourceAnswer } from "./feed.ts";
import { HOUR_MS, MINUTE_MS } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";
import type { JsonAnswer } from "./json_source.ts";
import { readRows } from "./rows.ts";

/** A tick can do without one price: it must not wait long for it, nor for parsing what can't be one. */
export const CANDLE_LIMITS = { timeoutMs: 5_000, maxRows: 2_000 };

/** What an exchange traded at in one period; `seconds` is its start in Unix seconds. */
export interface Candle {
  readonly seconds: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
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
export interface ReadCandlesOptions {
  /** What errors call the source. */
  readonly name: string;
  /** Parses one row. */
  readonly candle: z.ZodType<Candle>;
  readonly period: Period;
  /** Our clock, in Unix milliseconds. */
  readonly now: number;
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
  priceOf: ({ open, high, low, close }) => (open + high + low + close) / 4,
};

/**
 * Reads the newest closed candles as prices, oldest first. A candle is closed once the earlier of our clock
 * and the answer's date has passed its end: the series keep the first value, so an open candle's
 * would stay.
 *
 * @throws {FeedError} `invalid` as {@linkcode readRows} does; `unavailable` if all candles are too old
 */
export async function readCandles(
  rows: unknown,
  options: ReadCandlesOptions,
): Promise<SourceAnswer> {
  const { candle, period, now, date = Infinity, ...rest } = options;
  const row = candle.transform((parsed, context): Sample[] => {
    const timestamp = parsed.seconds * 1_000;
    // Shifted minutes would become separate entries between those of the other sources.
    if (timestamp % period.ms !== 0) context.addIssue("must start with the period");
    return [{ metric: "price", timestamp, value: period.priceOf(parsed) }];
  });
  const { samples, rejected } = await readRows(rows, { ...rest, row, now });
  const closedAt = Math.min(now, date);
  const oldest = now - (period.count + 1) * period.ms;
  const closed = samples.filter(({ timestamp }) =>
    timestamp >= oldest && timestamp + period.ms <= closedAt
  );
  const sorted = closed.sort((a, b) => a.timestamp - b.timestamp);
  refuseOld(sorted, options);
  return { samples: sorted.slice(-period.count), rejected };
}

/** By our clock alone: a frozen answer out of a cache may have an old date as well. */
function refuseOld(
  sorted: readonly Sample[],
  { name, period: { maxAgeMs = Infinity }, now }: ReadCandlesOptions,
): void {
  const newest = sorted.at(-1)?.timestamp ?? -Infinity;
  if (now - newest < maxAgeMs) return;
  const found = sorted.length === 0 ? "none" : new Date(newest).toISOString();
  const message = `${name} must have a minute newer than ${
    maxAgeMs / MINUTE_MS
  } minutes, has ${found}`;
  throw new FeedError("unavailable", message);
}
