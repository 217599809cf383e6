// @ts-check
import { HOUR_MS } from "./format.js";

/** @import { History } from "../../history/wire.ts" */
/** @import { RenderContext } from "../view.ts" */

const DAY_SECONDS = 86_400;

/**
 * Lays out the 24 hours up to the newest point for the chart, with a gap for each missing bucket.
 *
 * @param {History} history
 * @returns {[number[], (number | null)[], (number | null)[]]} times in Unix seconds, prices, sentiments
 */
export function toColumns({ bucket_seconds, points }) {
  const byTime = new Map(points.map((point) => [Date.parse(point.time) / 1_000, point]));
  const last = Math.max(...byTime.keys());
  const buckets = Math.floor(DAY_SECONDS / bucket_seconds);
  const times = Array.from(
    { length: buckets },
    (_, i) => last - (buckets - 1 - i) * bucket_seconds,
  );
  return [
    times,
    times.map((time) => byTime.get(time)?.price ?? null),
    times.map((time) => byTime.get(time)?.sentiment ?? null),
  ];
}

/**
 * Describes in words what the chart shows.
 *
 * @param {History} history
 * @param {Pick<RenderContext, "formats" | "words">} context
 * @returns {string | undefined} nothing if there is less than an hour to show
 */
export function describeHistory({ points }, { formats, words }) {
  const times = points.map(({ time }) => Date.parse(time));
  if (Math.max(...times) - Math.min(...times) < HOUR_MS) return undefined;
  const price = describeRange(points.map(({ price }) => price), formats.price);
  const sentiment = describeRange(points.map(({ sentiment }) => sentiment), formats.sentiment);
  return price && sentiment && words.chart.ranges(price, sentiment);
}

/**
 * @param {(number | null)[]} values
 * @param {(value: number) => string} format
 */
function describeRange(values, format) {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return undefined;
  return {
    low: format(Math.min(...known)),
    high: format(Math.max(...known)),
    last: format(last),
  };
}
