import { HOUR_MS } from "../samples/bucket.ts";
import { KNOWN_AFTER_HOURS } from "./horizon.ts";
import type { HourlyValues, HourState } from "./hour_states.ts";
import type { Payoff, PayoffPoint } from "./wire.ts";

/** What a switch costs unless a client says otherwise, in percent. */
export const DEFAULT_FEE_PERCENT = 0.25;

/** With the last hour, a curve has at most one point more. */
const MAX_CURVE_STEPS = 179;

/** What a pay-off is computed from; hours are indexes of both lists. */
export interface PayoffHours {
  /** The start of hour 0, in Unix milliseconds. */
  readonly start: number;
  /** The first hour of the period; the states before it decide about its first hours. */
  readonly from: number;
  /** The average price of each hour, positive. */
  readonly prices: HourlyValues;
  readonly states: readonly HourState[];
}

/**
 * Compares holding Bitcoin throughout the period with holding it only while it is lit. An hour's state
 * decides about the time from two hours later on, when it is known: no look-ahead. Each entry and each
 * exit costs `feePercent`; nothing is sold at the end.
 *
 * @returns null with fewer than two hours that have a price
 */
export function computePayoff(hours: PayoffHours, feePercent: number): Payoff | null {
  const { path, switches, hoursHeld } = followSignal(hours, 1 - feePercent / 100);
  const last = path.at(-1);
  if (last === undefined || path.length < 2) return null;
  const step = Math.ceil(path.length / MAX_CURVE_STEPS);
  return {
    fee_percent: feePercent,
    hold: last.hold,
    lit_only: last.lit_only,
    switches,
    hours_held: hoursHeld,
    curve: path.filter((point, i) => i % step === 0 || point === last)
      .map(({ hour, ...point }) => ({ time: timeOf(hours, hour), ...point })),
  };
}

function timeOf({ start }: PayoffHours, hour: number): string {
  return new Date(start + hour * HOUR_MS).toISOString();
}

interface PathPoint extends Omit<PayoffPoint, "time"> {
  readonly hour: number;
}

/** What 1 has become at each hour that has a price, before a switch in that hour. */
function followSignal({ from, prices, states }: PayoffHours, kept: number) {
  const path: PathPoint[] = [];
  let previous: { readonly hour: number; readonly price: number } | undefined;
  let first = NaN;
  let [value, isHeld, switches, hoursHeld] = [1, false, 0, 0];
  for (let hour = from; hour < prices.length; hour++) {
    const price = prices[hour];
    if (price === undefined) continue;
    if (previous === undefined) {
      first = price;
    } else {
      const isLit = states[previous.hour - KNOWN_AFTER_HOURS] === "lit";
      if (isLit !== isHeld) {
        value *= kept;
        switches++;
      }
      isHeld = isLit;
      if (isHeld) {
        value *= price / previous.price;
        hoursHeld++;
      }
    }
    previous = { hour, price };
    path.push({ hour, hold: price / first, lit_only: value });
  }
  return { path, switches, hoursHeld };
}
