import { median } from "../samples/bucket.ts";
import type { HourlyValues } from "./hour_states.ts";
import type { Horizon, Verdict } from "./wire.ts";

/**
 * From an hour to the hour that its outcome is measured from. The state of an hour is known only
 * when it has ended and its sentiment has settled: an earlier measure would look ahead.
 */
export const KNOWN_AFTER_HOURS = 2;

/** With fewer spells there is no verdict. */
export const MIN_SPELLS = 20;

/** What a horizon is computed from; hours are indexes of `prices`. */
export interface HorizonOptions {
  /** The length of the horizon. */
  readonly hours: number;
  /** The first hours of the spells whose start was seen, ascending. */
  readonly spellStarts: readonly number[];
  readonly knownHours: readonly number[];
  /** The average price of each hour, positive. */
  readonly prices: HourlyValues;
}

/** Computes one horizon; spells and hours whose outcome is not known yet are left out. */
export function computeHorizon(options: HorizonOptions): Horizon {
  const changes = findSpellChanges(options);
  const baseChanges = findChanges(options, options.knownHours);
  const outcome = summarizeChanges(changes);
  const base = { hours: baseChanges.length, ...summarizeChanges(baseChanges) };
  const spells = changes.length;
  const interval = spells === 0 ? undefined : wilsonInterval(outcome.higher, spells);
  return {
    hours: options.hours,
    spells,
    higher: outcome.higher,
    share: outcome.share,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    median_change: outcome.median_change,
    base,
    verdict: spells < MIN_SPELLS ? "no-evidence" : judge(interval, base.share),
  };
}

/**
 * The changes after spells. A spell that starts within `hours` hours of the last counted one is
 * left out: both outcomes would share hours, and the interval holds for independent ones only.
 */
function findSpellChanges(options: HorizonOptions): number[] {
  const counted: number[] = [];
  for (const start of options.spellStarts) {
    const last = counted.at(-1) ?? -Infinity;
    if (start - last > options.hours && findChange(options, start) !== undefined) {
      counted.push(start);
    }
  }
  return findChanges(options, counted);
}

function findChanges(options: HorizonOptions, hours: readonly number[]): number[] {
  const changes: number[] = [];
  for (const hour of hours) {
    const change = findChange(options, hour);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

/** The relative change of the price over the horizon, from when the state of `hour` was known. */
function findChange({ hours, prices }: HorizonOptions, hour: number): number | undefined {
  const before = prices[hour + KNOWN_AFTER_HOURS];
  const after = prices[hour + KNOWN_AFTER_HOURS + hours];
  if (before === undefined || after === undefined) return undefined;
  return (after - before) / before;
}

function summarizeChanges(changes: readonly number[]) {
  const higher = changes.filter((change) => change > 0).length;
  return {
    higher,
    share: changes.length === 0 ? null : higher / changes.length,
    median_change: median(changes) ?? null,
  };
}

function judge(interval: Interval | undefined, baseShare: number | null): Verdict {
  if (interval === undefined || baseShare === null) return "no-evidence";
  if (baseShare < interval.low) return "higher";
  return baseShare > interval.high ? "lower" : "no-evidence";
}

/** The ends of a confidence interval of a share, both in 0…1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % quantile of the normal distribution: 95 % lie between −Z and Z. */
const Z = 1.959963984540054;

/**
 * Wilson's 95 % interval for a share, which holds for few trials and for shares of 0 and 1 too
 * (Brown, Cai & DasGupta, Statistical Science 16(2), 2001).
 *
 * @param successes 0…`trials`
 * @param trials at least 1
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  // The upper end mirrors the lower one, so that rounding never moves it away from 1.
  return {
    low: lowerEnd(successes, trials),
    high: 1 - lowerEnd(trials - successes, trials),
  };
}

function lowerEnd(successes: number, trials: number): number {
  const share = successes / trials;
  const weight = Z ** 2 / trials;
  const center = share + weight / 2;
  const half = Math.sqrt(weight * (share * (1 - share) + weight / 4));
  return (center - half) / (1 + weight);
}
