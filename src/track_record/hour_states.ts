import { type Average, HOUR_MS } from "../samples/bucket.ts";
import { METRICS, type PerMetric } from "../samples/sample.ts";
import { directionBetween, WINDOW_HOURS } from "../summary/summary.ts";

/** Whether an hour was lit; `unknown` when its window has too little data to decide. */
export type HourState = "lit" | "unlit" | "unknown";

/** One value per hour, oldest first; `undefined` for an hour without samples. */
export type HourlyValues = readonly (number | undefined)[];

/** Consecutive hours in the same state, as indexes; `to` is exclusive. */
export interface HourRun {
  readonly from: number;
  readonly to: number;
  readonly state: HourState;
}

/** Lays averages out by hour, from `from` to before `to`, both starts of hours in Unix milliseconds. */
export function layOutHours(averages: readonly Average[], from: number, to: number): HourlyValues {
  const hours = new Array<number | undefined>((to - from) / HOUR_MS).fill(undefined);
  for (const { time, value } of averages) {
    if (time >= from && time < to) hours[(time - from) / HOUR_MS] = value;
  }
  return hours;
}

/**
 * Finds the state of each hour: the summary's rule, on whole hours.
 *
 * An hour is known if it and at least one other hour of its window have both metrics. It is lit if
 * both metrics rose in that window.
 */
export function findHourStates(hours: PerMetric<HourlyValues>): HourState[] {
  return Array.from(hours.price, (_, last) => {
    const first = findFirstBefore(hours, last);
    if (first === undefined || !hasBoth(hours, last)) return "unknown";
    return METRICS.every((metric) => isRising(hours[metric], first, last)) ? "lit" : "unlit";
  });
}

/** Joins consecutive hours in the same state, from index `from` on. */
export function findRuns(states: readonly HourState[], from: number): HourRun[] {
  const runs: HourRun[] = [];
  for (let start = from, hour = from + 1; start < states.length; hour++) {
    const state = states[start] ?? "unknown";
    if (states[hour] === state) continue;
    runs.push({ from: start, to: hour, state });
    start = hour;
  }
  return runs;
}

/** The first hour with both metrics in the window that ends with `last`, `last` itself left out. */
function findFirstBefore(hours: PerMetric<HourlyValues>, last: number): number | undefined {
  for (let hour = last - WINDOW_HOURS + 1; hour < last; hour++) {
    if (hasBoth(hours, hour)) return hour;
  }
}

function hasBoth({ price, sentiment }: PerMetric<HourlyValues>, hour: number): boolean {
  return price[hour] !== undefined && sentiment[hour] !== undefined;
}

function isRising(values: HourlyValues, first: number, last: number): boolean {
  return directionBetween(values[first] ?? NaN, values[last] ?? NaN) === "rising";
}
