import { median, MINUTE_MS } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";

/** How long a period that a single source reports waits for a second one, counted from its end. */
const SINGLE_AFTER_MS = 3 * MINUTE_MS;

/** Two prices further apart than this contradict each other; their mean would be over 1 % off. */
const MAX_SPREAD = 0.02;

const DEGRADED_FOR_MS = 15 * MINUTE_MS;

/** What an index is computed with. */
export interface PriceIndexOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /** How long each price's period lasts, in milliseconds. @default one minute */
  readonly periodMs?: number;
  /** How many sources there are, those without an answer included. */
  readonly sourceCount: number;
}

/** One price per period, oldest first. */
export interface PriceIndex {
  readonly samples: readonly Sample[];
  /** Periods whose sources contradict each other. */
  readonly rejected: number;
  /** Whether one of the last 15 minutes has a single source. */
  readonly degraded: boolean;
}

interface Quote {
  readonly source: string;
  readonly price: number;
}

type Verdict = "wait" | "reject" | { readonly price: number };

/**
 * Computes the index: the median of the prices that the sources report for a period.
 *
 * - Two sources or more count at once. Two that are more than 2 % of the lower apart are rejected.
 * - A single source counts three minutes after the period's end: until then, a second can come.
 * - A source that mostly contradicts two others does not count alone or beside only one of them:
 *   where the third has no price, its wrong price would be stored, or would reject the other.
 *
 * @param prices each source's samples by source name; a timestamp is the start of a closed period
 */
export function indexPrices(
  prices: ReadonlyMap<string, readonly Sample[]>,
  options: PriceIndexOptions,
): PriceIndex {
  const periods = groupByPeriod(prices);
  const contradicted = findContradicted(periods);
  const samples: Sample[] = [];
  let rejected = 0;
  for (const [timestamp, quotes] of periods) {
    const verdict = judge(quotes, { contradicted, ageMs: ageOf(timestamp, options) });
    if (verdict === "reject") rejected++;
    else if (verdict !== "wait") samples.push({ metric: "price", timestamp, value: verdict.price });
  }
  return { samples, rejected, degraded: isDegraded(periods, prices, options) };
}

/** Each source counts once per period: with two rows for one minute it would outvote another. */
function groupByPeriod(prices: ReadonlyMap<string, readonly Sample[]>): Map<number, Quote[]> {
  const periods = new Map<number, Quote[]>();
  for (const [source, samples] of prices) {
    for (const { timestamp, value: price } of samples) {
      const quotes = periods.get(timestamp);
      if (quotes === undefined) periods.set(timestamp, [{ source, price }]);
      else if (quotes.at(-1)?.source !== source) quotes.push({ source, price });
    }
  }
  return new Map([...periods].sort(([a], [b]) => a - b));
}

/**
 * Finds the sources that mostly agree with no other one. It takes three sources or more: of two that
 * disagree, either may be wrong.
 */
function findContradicted(periods: ReadonlyMap<number, readonly Quote[]>): ReadonlySet<string> {
  const scores = new Map<string, number>();
  for (const quotes of periods.values()) {
    if (quotes.length < 3) continue;
    for (const quote of quotes) {
      const agrees = quotes.some((other) => other !== quote && agree(other.price, quote.price));
      scores.set(quote.source, (scores.get(quote.source) ?? 0) + (agrees ? 1 : -1));
    }
  }
  return new Set([...scores].filter(([, score]) => score < 0).map(([source]) => source));
}

function judge(
  quotes: readonly Quote[],
  { contradicted, ageMs }: { contradicted: ReadonlySet<string>; ageMs: number },
): Verdict {
  const [first, second] = quotes;
  const isPair = first !== undefined && second !== undefined && quotes.length === 2;
  if (isPair ? agree(first.price, second.price) : quotes.length > 2) {
    return { price: median(quotes.map(({ price }) => price)) ?? NaN };
  }
  const [credible, another] = quotes.filter(({ source }) => !contradicted.has(source));
  if (credible === undefined || another !== undefined) return "reject";
  return ageMs < SINGLE_AFTER_MS ? "wait" : { price: credible.price };
}

/** How long ago a period ended, in milliseconds. */
function ageOf(timestamp: number, { now, periodMs = MINUTE_MS }: PriceIndexOptions): number {
  return now - timestamp - periodMs;
}

function isDegraded(
  periods: ReadonlyMap<number, readonly Quote[]>,
  prices: ReadonlyMap<string, readonly Sample[]>,
  options: PriceIndexOptions,
): boolean {
  const reaches = [...prices.values()].map(oldestOf);
  const failed = options.sourceCount - prices.size;
  return [...periods].some(([timestamp, quotes]) => {
    const ageMs = ageOf(timestamp, options);
    if (quotes.length > 1 || ageMs < SINGLE_AFTER_MS || ageMs >= DEGRADED_FOR_MS) return false;
    // Periods before the oldest one of a source are out of its reach, not missing.
    return reaches.filter((reach) => reach <= timestamp).length + failed > 1;
  });
}

/** Without samples nothing lies beyond the reach: such a source lacks every period. */
function oldestOf(samples: readonly Sample[]): number {
  if (samples.length === 0) return -Infinity;
  return samples.reduce((oldest, { timestamp }) => Math.min(oldest, timestamp), Infinity);
}

function agree(a: number, b: number): boolean {
  return Math.abs(a - b) <= MAX_SPREAD * Math.min(a, b);
}
