import { MINUTE_MS } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";

/** How long a period that a single source reports waits for a second one, counted from its end. */
export const SINGLE_AFTER_MS = 3 * MINUTE_MS;

/** A minute that ended longer ago is past: no reader waits for its price. */
export const RECENT_MS = 15 * MINUTE_MS;

/** How far, relative to it, a past price may be from a known one. */
const MAX_CHANGE = 0.1;

const MAX_DISTANCE_MS = 60 * MINUTE_MS;

/** One source of prices. */
export interface PriceSource {
  /** Its prices by the start of a closed period; `undefined` if it failed. */
  readonly samples: readonly Sample[] | undefined;
  /** How many periods back it could answer if it failed; 0 if it is not waited for. */
  readonly maxPeriods: number;
}

/** How periods are read. */
export interface Periods {
  /** Unix milliseconds. */
  readonly now: number;
  /** How long one lasts, in milliseconds. */
  readonly periodMs: number;
}

/** A price that only one credible source gives; `timestamp` is the start of its period. */
export interface LonePrice {
  readonly source: string;
  readonly timestamp: number;
  readonly price: number;
}

/** What lone prices are judged by. */
export interface LonePriceOptions extends Periods {
  /** The credible sources by name. */
  readonly sources: ReadonlyMap<string, PriceSource>;
  /** Stored prices, and those that two sources agree on. */
  readonly known: readonly Sample[];
}

/**
 * Finds the lone prices that count. A recent minute counts once it is three minutes old. A past period
 * counts if no other source could have given it, and its price is within 10 % of a known one:
 *
 * - of a minute, the nearest, at most 60 minutes away: one source's word reaches no further;
 * - of an hour, the next later one. An hour that counts is known to those before it, so that 30 days of
 *   one source count as long as no step between two hours is larger.
 *
 * @param prices oldest first
 * @returns the prices that count, and how many contradict a known one
 */
export function judgeLonePrices(
  prices: readonly LonePrice[],
  options: LonePriceOptions,
): { readonly samples: readonly Sample[]; readonly rejected: number } {
  const areMinutes = options.periodMs === MINUTE_MS;
  const reaches = [...options.sources].map(([name, source]) =>
    [name, reachOf(source, options)] as const
  );
  const known = [...options.known];
  const samples: Sample[] = [];
  let rejected = 0;

  function judge({ source, timestamp, price }: LonePrice): "count" | "reject" | "leave" {
    const ageMs = ageOf(timestamp, options);
    if (ageMs < SINGLE_AFTER_MS) return "leave";
    if (areMinutes && ageMs < RECENT_MS) return "count";
    if (reaches.some(([name, reach]) => name !== source && reach <= timestamp)) return "leave";
    const near = areMinutes ? findNearest(known, timestamp) : findNextLater(known, timestamp);
    if (near === undefined) return "leave";
    return Math.abs(price - near.value) <= MAX_CHANGE * near.value ? "count" : "reject";
  }

  for (const price of prices.toReversed()) {
    const verdict = judge(price);
    if (verdict === "reject") rejected++;
    if (verdict !== "count") continue;
    const sample = { metric: "price", timestamp: price.timestamp, value: price.price } as const;
    samples.push(sample);
    if (!areMinutes) known.push(sample);
  }
  return { samples, rejected };
}

/** The oldest period that a source could give: its answer's oldest, or what it usually reaches. */
export function reachOf({ samples = [], maxPeriods }: PriceSource, periods: Periods): number {
  if (samples.length === 0) return periods.now - maxPeriods * periods.periodMs;
  return samples.reduce((oldest, { timestamp }) => Math.min(oldest, timestamp), Infinity);
}

/** How long ago a period ended, in milliseconds. */
export function ageOf(timestamp: number, { now, periodMs }: Periods): number {
  return now - timestamp - periodMs;
}

function findNearest(known: readonly Sample[], timestamp: number): Sample | undefined {
  let nearest: Sample | undefined;
  let distanceMs = MAX_DISTANCE_MS + 1;
  for (const sample of known) {
    const ms = Math.abs(sample.timestamp - timestamp);
    if (ms < distanceMs) [nearest, distanceMs] = [sample, ms];
  }
  return nearest;
}

function findNextLater(known: readonly Sample[], timestamp: number): Sample | undefined {
  let next: Sample | undefined;
  for (const sample of known) {
    if (sample.timestamp <= timestamp) continue;
    if (next === undefined || sample.timestamp < next.timestamp) next = sample;
  }
  return next;
}
