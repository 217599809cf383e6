// @ts-check
import { formatPrice, formatSentiment } from "./format.js";

/** @import { History } from "../page_view.ts" */

const DAY_SECONDS = 86_400;

/**
 * Lays the 24 hours up to the newest point out for the chart, with gaps where a bucket is missing.
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
 * Says in words what the chart shows.
 *
 * @param {History} history
 * @returns {string | undefined} nothing when there is nothing to show
 */
export function describeHistory({ points }) {
  const price = describeRange("The price", points.map(({ price }) => price), formatPrice);
  const moods = points.map(({ sentiment }) => sentiment);
  const sentiment = describeRange("Sentiment", moods, formatSentiment);
  return price && sentiment && `${price} ${sentiment}`;
}

/**
 * @param {string} name
 * @param {(number | null)[]} values
 * @param {(value: number) => string} format
 */
function describeRange(name, values, format) {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return undefined;
  const [low, high] = [Math.min(...known), Math.max(...known)].map(format);
  return `${name} went between ${low} and ${high} and is at ${format(last)}.`;
}
