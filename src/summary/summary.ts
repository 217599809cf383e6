import { HOUR_MS, type PairedAverage } from "../samples/bucket.ts";
import { MAX_AHEAD_MS, type Metric, METRICS, type PerMetric } from "../samples/sample.ts";
import type { Answer, Direction, Summary } from "./wire.ts";

/** How many clock hours a summary spans. */
export const WINDOW_HOURS = 3;

/** What every answer of one service has in common. */
export interface AnswerOptions {
  readonly feed: string;
  /** A summary older than this is stale, in milliseconds. */
  readonly staleAfterMs: number;
}

/** The start of the window whose last hour starts at `lastHour`, both in Unix milliseconds. */
export function startOfWindow(lastHour: number): number {
  return lastHour - (WINDOW_HOURS - 1) * HOUR_MS;
}

/**
 * Summarizes hourly averages: the three clock hours that end with the newest hour both metrics have.
 *
 * @param hours hourly averages that cover the window; older hours are left out
 * @param asOf the older of the two series' newest timestamps, in Unix milliseconds
 * @returns nothing when no hour has samples of both metrics
 */
export function summarize(hours: readonly PairedAverage[], asOf: number): Summary | undefined {
  const newest = hours.at(-1);
  if (newest === undefined) return undefined;
  const window = hours.filter(({ time }) => time >= startOfWindow(newest.time));
  return {
    hourly_average_of_averages: window.map(({ time, price, sentiment }) => ({
      time: new Date(time).toISOString(),
      price,
      sentiment,
    })),
    price_direction: directionOf("price", window),
    sentiment_direction: directionOf("sentiment", window),
    as_of: new Date(asOf).toISOString(),
  };
}

/** Answers with a summary at the moment `now`, in Unix milliseconds. */
export function answerAt(
  summary: Summary,
  now: number,
  { feed, staleAfterMs }: AnswerOptions,
): Answer {
  const stale = now > freshUntil(summary, staleAfterMs);
  return {
    hourly_average_of_averages: summary.hourly_average_of_averages,
    price_direction: summary.price_direction,
    sentiment_direction: summary.sentiment_direction,
    lit: isLit(summary.hourly_average_of_averages) && !stale,
    as_of: summary.as_of,
    stale,
    feed,
  };
}

/** The last moment at which a summary is not stale, in Unix milliseconds. */
export function freshUntil(summary: Summary, staleAfterMs: number): number {
  return Date.parse(summary.as_of) + staleAfterMs;
}

/**
 * Whether a summary lies so far ahead of `now` (Unix ms) that it must be compared with the series: as
 * it stands it would not become stale.
 */
export function liesAhead(summary: Summary, now: number): boolean {
  return Date.parse(summary.as_of) > now + MAX_AHEAD_MS;
}

/**
 * The rule: a window is lit if both metrics rose from its first hour to its last. The answer and the
 * track record's hours use it.
 *
 * @param window the hours that have both metrics, oldest first
 */
export function isLit(window: readonly PerMetric<number>[]): boolean {
  return METRICS.every((metric) => directionOf(metric, window) === "rising");
}

function directionOf(metric: Metric, window: readonly PerMetric<number>[]): Direction {
  const first = window[0]?.[metric] ?? NaN;
  const last = window.at(-1)?.[metric] ?? NaN;
  if (last > first) return "rising";
  return last < first ? "falling" : "flat";
}
