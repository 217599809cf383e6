// @ts-check
import { html } from "./html.js";
import { createScale, drawArea, drawLine, extentOf, findTicks, round } from "./scale.js";

/** @import { HourlyAverage } from "../../summary/wire.ts" */
/** @import { RenderContext } from "../view.ts" */
/** @import { Extent, Line, Scale } from "./scale.js" */

/** @typedef {[times: number[], prices: (number | null)[], sentiments: (number | null)[]]} Columns */
/** @typedef {{ readonly width: number; readonly height: number }} Size in pixels */

/**
 * What a plot shows.
 *
 * @typedef {object} PlotContent
 * @property {Columns} columns times in Unix seconds, prices, sentiments
 * @property {readonly HourlyAverage[]} hours the hours to mark
 * @property {Size} size
 */

/** @typedef {Line & { ticks: number[], label: (value: number) => string }} Metric in its part of the height */

const SECONDS_PER_HOUR = 3_600;
const MARGIN = { left: 52, right: 44, top: 8, bottom: 28 };
const LABEL_GAP = 8;
const MIN_TICK_HEIGHT = 20;
const MIN_TIME_WIDTH = 64;
const HOUR_STEPS = [1, 2, 3, 6, 12, 24];

// Two lines in one plot seem to cross although their units differ. So each has its own part of the
// height, price above sentiment.
const PRICE_PART = { bottom: 0.46, top: 0.97 };
const SENTIMENT_PART = { bottom: 0.03, top: 0.34 };

/**
 * Renders price and sentiment over time as an SVG.
 *
 * @param {PlotContent} content
 * @param {Pick<RenderContext, "formats">} context
 */
export function renderPlot({ columns, hours, size }, context) {
  const [times, prices, sentiments] = columns;
  const { formats } = context;
  const x = createTimeScale(times, size.width);
  const price = createMetric(prices, {
    extent: extentOf(prices),
    part: PRICE_PART,
    size,
    label: formats.priceLabel,
  });
  const sentiment = createMetric(sentiments, {
    extent: extentOf([...sentiments, 0]),
    part: SENTIMENT_PART,
    size,
    label: formats.sentimentLabel,
  });
  const right = size.width - MARGIN.right;
  return html`
    <svg viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">
      ${renderWindow(hours, x, size)}
      ${renderGrid(price, { size, labelX: MARGIN.left - LABEL_GAP, anchor: "end" })}
      ${renderGrid(sentiment, { size, labelX: right + LABEL_GAP, anchor: "start" })}
      ${renderTimes(times, x, { size, context })}
      <path class="area" d="${drawArea(times, x, sentiment)}" />
      <path class="line sentiment" d="${drawLine(times, x, sentiment)}" />
      <path class="line price" d="${drawLine(times, x, price)}" />
      <line class="cursor" y1="${MARGIN.top}" y2="${size.height - MARGIN.bottom}" hidden />
    </svg>
  `;
}

/**
 * Creates the scale from Unix seconds to pixels.
 *
 * @param {number[]} times
 * @param {number} width of the plot
 */
export function createTimeScale(times, width) {
  return createScale(
    { low: times[0] ?? 0, high: times.at(-1) ?? 1 },
    { from: MARGIN.left, to: width - MARGIN.right },
  );
}

/**
 * @param {(number | null)[]} values
 * @param {{ extent: Extent, part: { bottom: number, top: number }, size: Size, label: Metric["label"] }} options
 * @returns {Metric}
 */
function createMetric(values, { extent, part, size, label }) {
  const base = size.height - MARGIN.bottom;
  const height = base - MARGIN.top;
  const [from, to] = [base - part.bottom * height, base - part.top * height];
  const ticks = findTicks(extent, Math.floor((from - to) / MIN_TICK_HEIGHT));
  return { values, y: createScale(extent, { from, to }), ticks, label };
}

/**
 * @param {readonly HourlyAverage[]} hours
 * @param {Scale} x
 * @param {Size} size
 */
function renderWindow(hours, x, { width, height }) {
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const start = Math.max(x(Date.parse(first.time) / 1_000), MARGIN.left);
  const end = Math.min(x(Date.parse(last.time) / 1_000 + SECONDS_PER_HOUR), width - MARGIN.right);
  if (end <= start) return html``;
  return html`<rect class="hours" x="${round(start)}" y="${MARGIN.top}" width="${
    round(end - start)
  }" height="${height - MARGIN.top - MARGIN.bottom}" />`;
}

/**
 * @param {Metric} metric
 * @param {{ size: Size, labelX: number, anchor: string }} options
 */
function renderGrid({ ticks, y, label }, { size, labelX, anchor }) {
  return ticks.map((tick) => {
    const at = round(y(tick));
    return html`<path class="grid" d="M${MARGIN.left} ${at}H${size.width - MARGIN.right}" />
<text x="${labelX}" y="${at}" dy="0.35em" text-anchor="${anchor}">${label(tick)}</text>`;
  });
}

/**
 * Renders full hours of the reader's clock, as many as there is room for.
 *
 * @param {number[]} times
 * @param {Scale} x
 * @param {{ size: Size, context: Pick<RenderContext, "formats"> }} options
 */
function renderTimes(times, x, { size, context }) {
  const labels = times.map((time) => ({ time, label: context.formats.time(time * 1_000) }));
  const hourWidth = x(SECONDS_PER_HOUR) - x(0);
  const step = HOUR_STEPS.find((hours) => hours * hourWidth >= MIN_TIME_WIDTH) ?? 24;
  return labels
    .filter(({ label }) => label.endsWith(":00") && Number(label.slice(0, 2)) % step === 0)
    .map(({ time, label }) =>
      html`
        <text x="${round(x(time))}" y="${size.height -
          LABEL_GAP}" text-anchor="middle">${label}</text>
      `
    );
}
