// @ts-check
/// <reference lib="dom" />
import { find } from "./dom.js";
import { labelValues, onlyWithin, PRICE_PART, SENTIMENT_PART, stretch } from "./scale.js";

/** @import uPlot from "uplot" */
/** @import { HourlyAverage } from "../../core/summary.ts" */
/** @import { RenderContext } from "../render_context.ts" */

const SECONDS_PER_HOUR = 3_600;

/**
 * @typedef {object} ChartParts
 * @property {{ width: number, height: number }} size
 * @property {RenderContext} context
 * @property {HTMLElement} place that has the chart's font and colours
 * @property {() => readonly HourlyAverage[]} hours the hours to mark
 * @property {(plot: uPlot) => void} onCursor
 */

/**
 * Creates the options of the chart: price above sentiment.
 *
 * @param {ChartParts} parts
 * @returns {uPlot.Options}
 */
export function createChartOptions({ size, context, place, hours, onCursor }) {
  return {
    ...size,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: {
      price: { range: (_, low, high) => stretch(low, high, PRICE_PART) },
      sentiment: {
        range: (_, low, high) => stretch(Math.min(low, 0), Math.max(high, 0), SENTIMENT_PART),
      },
    },
    series: [
      {},
      { scale: "price", stroke: () => colorOf("#price-key"), width: 2 },
      {
        scale: "sentiment",
        stroke: () => colorOf("#sentiment-key"),
        width: 1.5,
        fill: () => colorOf("#sentiment-key", "backgroundColor"),
        fillTo: 0,
      },
    ],
    axes: createAxes(context, place),
    hooks: {
      drawClear: [(plot) => markHours(plot, hours())],
      setCursor: [onCursor],
    },
  };
}

/**
 * @param {RenderContext} context
 * @param {HTMLElement} place
 * @returns {uPlot.Axis[]}
 */
function createAxes({ formats }, place) {
  const { fontSize, fontFamily } = getComputedStyle(place);
  // Colours are functions, called at each drawing: the colour scheme may change.
  const axis = {
    stroke: () => colorOf("#chart"),
    ticks: { show: false },
    font: `${fontSize} ${fontFamily}`,
  };
  const line = { stroke: () => colorOf("#chart", "borderTopColor"), width: 1 };
  const [inPrice, inSentiment] = [onlyWithin(PRICE_PART), onlyWithin(SENTIMENT_PART)];
  return [
    {
      ...axis,
      grid: { show: false },
      space: 64,
      size: 28,
      values: (_, times) => times.map((time) => formats.time(time * 1_000)),
    },
    {
      ...axis,
      scale: "price",
      side: 3,
      size: 52,
      space: 32,
      grid: { ...line, filter: inPrice },
      filter: inPrice,
      values: (_, prices) => labelValues(prices, formats.priceLabel),
    },
    {
      ...axis,
      scale: "sentiment",
      side: 1,
      size: 46,
      space: 24,
      grid: { ...line, filter: inSentiment },
      filter: inSentiment,
      values: (_, sentiments) => labelValues(sentiments, formats.sentimentLabel),
    },
  ];
}

/**
 * @param {uPlot} plot
 * @param {readonly HourlyAverage[]} hours
 */
function markHours(plot, hours) {
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return;
  const { left, top, width, height } = plot.bbox;
  const from = plot.valToPos(Date.parse(first.time) / 1_000, "x", true);
  const to = plot.valToPos(Date.parse(last.time) / 1_000 + SECONDS_PER_HOUR, "x", true);
  const [start, end] = [Math.max(from, left), Math.min(to, left + width)];
  if (end <= start) return;
  plot.ctx.fillStyle = colorOf("#hours-key", "backgroundColor");
  plot.ctx.fillRect(start, top, end - start, height);
}

/**
 * Reads a colour from the style sheet, which knows the colour scheme.
 *
 * @param {string} selector
 * @param {"color" | "backgroundColor" | "borderTopColor"} property
 */
function colorOf(selector, property = "color") {
  return getComputedStyle(find(selector))[property];
}
