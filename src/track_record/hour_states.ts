import { type Average, HOUR_MS } from "../samples/bucket.ts";
import type { PerMetric } from "../samples/sample.ts";
import { isLit, WINDOW_HOURS } from "../summary/summary.ts";

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
 * Finds the state of each hour: the summary's rule, on whole hours. An hour is known if it and at
 * least one other hour of its window have both metrics.
 */
export function findHourStates({ price, sentiment }: PerMetric<HourlyValues>): HourState[] {
  const rows = price.map((value, hour) => pairUp(value, sentiment[hour]));
  return rows.map((row, last) => {
    if (row === undefined) return "unknown";
    const window = rows.slice(Math.max(0, last + 1 - WINDOW_HOURS), last + 1)
      .filter((it) => it !== undefined);
    if (window.length < 2) return "unknown";
    return isLit(window) ? "lit" : "unlit";
  });
}

function pairUp(price: number | undefined, sentiment: number | undefined) {
  return price === undefined || sentiment === undefined ? undefined : { price, sentiment };
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
