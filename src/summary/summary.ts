import { HOUR_MS, type PairedAverage } from "../samples/bucket.ts";
import { MAX_AHEAD_MS } from "../samples/sample.ts";

/** How many clock hours a summary spans. */
export const WINDOW_HOURS = 3;

/** Where a metric went from the first hour of the window to the last. */
export type Direction = "rising" | "falling" | "flat";

/** Both metrics' averages of one clock hour; `time` is the hour's start, ISO 8601, UTC. */
export interface HourlyAverage {
  readonly time: string;
  readonly price: number;
  readonly sentiment: number;
}

/** The content of the series, independent of when it is read: this is cached and announced. */
export interface Summary {
  readonly hourly_average_of_averages: readonly HourlyAverage[];
  readonly price_direction: Direction;
  readonly sentiment_direction: Direction;
  /** The older of the two series' newest timestamps, ISO 8601, UTC. */
  readonly as_of: string;
}

/** A summary and its place in the order: of two, the one with the higher revision is newer. */
export interface RevisedSummary extends Summary {
  readonly revision: number;
}

/** A summary with what is true only at the moment of the answer: this is what clients read. */
export interface Answer extends Summary {
  readonly lit: boolean;
  readonly stale: boolean;
  /** The name of the feed that the numbers come from. */
  readonly feed: string;
}

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
  const oldest = window[0] ?? newest;
  return {
    hourly_average_of_averages: window.map(({ time, price, sentiment }) => ({
      time: new Date(time).toISOString(),
      price,
      sentiment,
    })),
    price_direction: directionBetween(oldest.price, newest.price),
    sentiment_direction: directionBetween(oldest.sentiment, newest.sentiment),
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
    lit: isRising(summary) && !stale,
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

function isRising(summary: Summary): boolean {
  return summary.price_direction === "rising" && summary.sentiment_direction === "rising";
}

/** The direction from the first value of a window to the last. */
export function directionBetween(first: number, last: number): Direction {
  if (last > first) return "rising";
  return last < first ? "falling" : "flat";
}

/** The states an answer can have, as notifications name them. */
export const STATES = ["lit", "unlit", "stale"] as const;

/** One of {@linkcode STATES}. */
export type State = (typeof STATES)[number];

/** Returns the state of an answer: `stale` hides whether Bitcoin was lit. */
export function stateOf({ lit, stale }: Pick<Answer, "lit" | "stale">): State {
  if (stale) return "stale";
  return lit ? "lit" : "unlit";
}
