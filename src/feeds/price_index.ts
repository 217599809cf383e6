import { median } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";
import {
  ageOf,
  judgeLonePrices,
  type LonePrice,
  type Periods,
  type PriceSource,
  reachOf,
  RECENT_MS,
  SINGLE_AFTER_MS,
} from "./lone_price.ts";

/** Two prices further apart than this contradict each other; their mean would be over 1 % off. */
const MAX_SPREAD = 0.02;

/** What an index is computed with. */
export interface PriceIndexOptions extends Periods {
  /** Stored prices that lone ones are compared with. */
  readonly stored: readonly Sample[];
}

/** One price per period, oldest first. */
export interface PriceIndex {
  readonly samples: readonly Sample[];
  /** Periods whose sources contradict each other, or a known price. */
  readonly rejected: number;
  /** Whether one of the last 15 minutes has a single source. */
  readonly degraded: boolean;
}

interface Quote {
  readonly source: string;
  readonly price: number;
}

type Verdict = "reject" | { readonly lone: Quote } | { readonly agreed: number };

/**
 * Computes the index: the median of the prices that the sources report for a period.
 *
 * - Two sources or more count at once. Two that are more than 2 % of the lower apart are rejected.
 * - A single source counts as {@linkcode judgeLonePrices} says.
 * - A source that mostly contradicts two others does not count alone or beside only one of them:
 *   where the third has no price, its wrong price would be stored, or would reject the other.
 *
 * @param sources all sources by name, those that failed included
 */
export function indexPrices(
  sources: ReadonlyMap<string, PriceSource>,
  options: PriceIndexOptions,
): PriceIndex {
  const periods = groupByPeriod(sources);
  const contradicted = findContradicted(periods);
  const agreed: Sample[] = [];
  const lone: LonePrice[] = [];
  let rejected = 0;
  for (const [timestamp, quotes] of periods) {
    const verdict = judge(quotes, contradicted);
    if (verdict === "reject") rejected++;
    else if ("lone" in verdict) lone.push({ timestamp, ...verdict.lone });
    else agreed.push({ metric: "price", timestamp, value: verdict.agreed });
  }
  const credible = new Map([...sources].filter(([name]) => !contradicted.has(name)));
  const known = [...options.stored, ...agreed];
  const judged = judgeLonePrices(lone, { ...options, sources: credible, known });
  return {
    samples: [...agreed, ...judged.samples].sort((a, b) => a.timestamp - b.timestamp),
    rejected: rejected + judged.rejected,
    degraded: isDegraded(periods, sources, options),
  };
}

/** Each source counts once per period: with two rows for one minute it would outvote another. */
function groupByPeriod(sources: ReadonlyMap<string, PriceSource>): Map<number, Quote[]> {
  const periods = new Map<number, Quote[]>();
  for (const [source, { samples = [] }] of sources) {
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

function judge(quotes: readonly Quote[], contradicted: ReadonlySet<string>): Verdict {
  const [first, second] = quotes;
  const isPair = first !== undefined && second !== undefined && quotes.length === 2;
  if (isPair ? agree(first.price, second.price) : quotes.length > 2) {
    return { agreed: median(quotes.map(({ price }) => price)) ?? NaN };
  }
  const [credible, another] = quotes.filter(({ source }) => !contradicted.has(source));
  return credible === undefined || another !== undefined ? "reject" : { lone: credible };
}

function isDegraded(
  periods: ReadonlyMap<number, readonly Quote[]>,
  sources: ReadonlyMap<string, PriceSource>,
  options: Periods,
): boolean {
  const reaches = [...sources.values()].map((source) => reachOf(source, options));
  return [...periods].some(([timestamp, quotes]) => {
    const ageMs = ageOf(timestamp, options);
    if (quotes.length > 1 || ageMs < SINGLE_AFTER_MS || ageMs >= RECENT_MS) return false;
    // Periods before the oldest one of a source are out of its reach, not missing.
    return reaches.filter((reach) => reach <= timestamp).length > 1;
  });
}

function agree(a: number, b: number): boolean {
  return Math.abs(a - b) <= MAX_SPREAD * Math.min(a, b);
}
