// @ts-check
import { HOUR_MS } from "./format.js";

/** @import { History, HistoryPoint } from "../../history/wire.ts" */
/** @import { Answer, HourlyAverage } from "../../summary/wire.ts" */
/** @import { RenderContext } from "../view.ts" */
/** @import { Plot } from "./plot.js" */

const HOUR_SECONDS = 3_600;
const NO_VALUE = "–";

/**
 * What the chart can show: names in the page's address, hours up to the newest point, and the buckets.
 *
 * @typedef {{ readonly name: SpanName, readonly hours: number, readonly bucket: string }} ChartSpan
 * @typedef {"24h" | "7d" | "30d"} SpanName
 */

/** @type {readonly [ChartSpan, ...ChartSpan[]]} the finest first */
export const SPANS = [
  { name: "24h", hours: 24, bucket: "15m" },
  { name: "7d", hours: 168, bucket: "1h" },
  { name: "30d", hours: 720, bucket: "4h" },
];

// Two lines in one plot seem to cross although their units differ. So each has its own part of the
// height, price above sentiment.
const PRICE_PART = { bottom: 0.5, top: 1 };
const SENTIMENT_PART = { bottom: 0, top: 0.32 };

/**
 * Ends a history with the newest values of a finer one: averages of other buckets would differ.
 *
 * @param {History} history
 * @param {History} finer
 * @returns {History}
 */
export function endWith(history, finer) {
  const points = history.points.map((point) => ({ ...point }));
  for (const metric of /** @type {const} */ (["price", "sentiment"])) {
    const isKnown = (/** @type {HistoryPoint} */ point) => point[metric] !== null;
    const [end, newest] = [points, finer.points].map((all) => all.findLast(isKnown));
    if (end && newest) end[metric] = newest[metric];
  }
  return { ...history, points };
}

/**
 * Lays out a history for the chart, up to its newest point, with a gap for each missing bucket. Over
 * several days, hours are too narrow to compare, and sentiment is shown against zero.
 *
 * @param {History} history
 * @param {{ span: ChartSpan, answer: Answer }} shown
 * @param {Pick<RenderContext, "formats" | "words">} context
 * @returns {Plot}
 */
export function createHistoryPlot(history, { span, answer }, { formats, words }) {
  const [times, prices, sentiments] = toColumns(history, span.hours);
  const isOneDay = span.hours <= 24;
  return {
    times,
    metrics: [
      {
        name: "price",
        title: words.hours.price,
        values: prices,
        part: PRICE_PART,
        label: formats.priceLabel,
        end: formats.priceShort,
      },
      {
        name: "sentiment",
        title: words.chart.sentiment,
        values: sentiments,
        scaled: isOneDay ? sentiments : [...sentiments, 0],
        part: SENTIMENT_PART,
        hasArea: !isOneDay,
        label: formats.sentimentLabel,
        end: formats.sentiment,
      },
    ],
    bands: isOneDay ? answer.hourly_average_of_averages.map(toBand) : [],
    // Old hours have one point each, whatever the bucket.
    maxGapSeconds: Math.max(history.bucket_seconds, HOUR_SECONDS),
    describe(i) {
      const at = (times[i] ?? 0) * 1_000;
      const [price, sentiment] = [prices[i] ?? null, sentiments[i] ?? null];
      return words.chart.point(
        isOneDay ? formats.time(at) : formats.dayTime(at),
        price === null ? NO_VALUE : formats.price(price),
        sentiment === null ? NO_VALUE : formats.sentiment(sentiment),
      );
    },
  };
}

/** @param {HourlyAverage} hour */
function toBand({ time, price, sentiment }) {
  const from = Date.parse(time) / 1_000;
  return { from, to: from + HOUR_SECONDS, averages: [price, sentiment] };
}

/**
 * @param {History} history
 * @param {number} hours
 * @returns {[number[], (number | null)[], (number | null)[]]} times in Unix seconds, prices, sentiments
 */
function toColumns({ bucket_seconds, points }, hours) {
  const byTime = new Map(points.map((point) => [Date.parse(point.time) / 1_000, point]));
  const last = Math.max(...byTime.keys());
  const buckets = Math.floor(hours * HOUR_SECONDS / bucket_seconds);
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
 * @param {Answer} answer
 * @param {Pick<RenderContext, "formats" | "words">} context
 * @returns {string | undefined} nothing if there is less than an hour to show
 */
export function describeHistory({ points }, { stale, as_of }, { formats, words }) {
  const times = points.map(({ time }) => Date.parse(time));
  if (Math.max(...times) - Math.min(...times) < HOUR_MS) return undefined;
  const price = describeRange(points.map(({ price }) => price), formats.priceShort);
  const sentiment = describeRange(points.map(({ sentiment }) => sentiment), formats.sentiment);
  const staleSince = stale ? formats.dayTime(Date.parse(as_of)) : undefined;
  return price && sentiment && words.chart.ranges(price, sentiment, staleSince);
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
