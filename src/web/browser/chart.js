// @ts-check
/// <reference lib="dom" />
import { formatPrice, formatSentiment, formatTime } from "./format.js";
import { describeHistory, toColumns } from "./history.js";
import {
  labelPrices,
  labelSentiments,
  onlyWithin,
  PRICE_PART,
  SENTIMENT_PART,
  stretch,
} from "./scale.js";

/** @import uPlot from "uplot" */
/** @import { HourlyAverage } from "../../core/summary.ts" */
/** @import { History } from "../page_view.ts" */

const HOUR_SECONDS = 3_600;

/** The chart of the last 24 hours, in the page's figure. */
export class Chart {
  #place = find("#chart");
  #text = find("#chart-text");
  #price = find("#price-value");
  #sentiment = find("#sentiment-value");
  #time = find("#chart-time");
  /** @type {uPlot | undefined} */
  #plot;
  /** @type {readonly HourlyAverage[]} */
  #hours = [];
  #timeZone;

  /** @param {string} timeZone */
  constructor(timeZone) {
    this.#timeZone = timeZone;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#place);
    matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", () => this.#plot?.redraw(false));
  }

  /**
   * @param {History} history
   * @param {readonly HourlyAverage[]} hours the hours to mark
   */
  show(history, hours) {
    this.#hours = hours;
    const text = describeHistory(history);
    this.#text.textContent = text ?? "There is nothing to draw yet.";
    this.#place.hidden = text === undefined;
    if (text === undefined) return;
    const columns = toColumns(history);
    if (this.#plot) this.#plot.setData(columns);
    else this.#plot = new globalThis.uPlot(this.#options(), columns, this.#place);
    this.#tell(this.#plot);
  }

  #size() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    return { width, height };
  }

  /** @returns {uPlot.Options} */
  #options() {
    // Colours are functions, asked at each drawing: the colour scheme may change.
    const axis = {
      ...{ stroke: () => colourOf("#chart"), ticks: { show: false } },
      font: fontOf(this.#place),
    };
    const line = { stroke: () => colourOf("#chart", "borderTopColor"), width: 1 };
    const [inPrice, inSentiment] = [onlyWithin(PRICE_PART), onlyWithin(SENTIMENT_PART)];
    return {
      ...this.#size(),
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
        { scale: "price", stroke: () => colourOf("#price-key"), width: 2 },
        {
          ...{ scale: "sentiment", stroke: () => colourOf("#sentiment-key"), width: 1.5 },
          ...{ fill: () => colourOf("#sentiment-key", "backgroundColor"), fillTo: 0 },
        },
      ],
      axes: [
        {
          ...axis,
          ...{ grid: { show: false }, space: 64, size: 28 },
          values: (_, times) => times.map((time) => formatTime(time * 1_000, this.#timeZone)),
        },
        {
          ...{ ...axis, scale: "price", side: 3, size: 52, space: 32 },
          ...{ grid: { ...line, filter: inPrice }, filter: inPrice },
          values: (_, prices) => labelPrices(prices),
        },
        {
          ...{ ...axis, scale: "sentiment", side: 1, size: 46, space: 24 },
          ...{ grid: { ...line, filter: inSentiment }, filter: inSentiment },
          values: (_, sentiments) => labelSentiments(sentiments),
        },
      ],
      hooks: {
        drawClear: [(plot) => this.#markHours(plot)],
        setCursor: [(plot) => this.#tell(plot)],
      },
    };
  }

  /** @param {uPlot} plot */
  #markHours(plot) {
    const [first, last] = [this.#hours[0], this.#hours.at(-1)];
    if (first === undefined || last === undefined) return;
    const { left, top, width, height } = plot.bbox;
    const from = plot.valToPos(Date.parse(first.time) / 1_000, "x", true);
    const to = plot.valToPos(Date.parse(last.time) / 1_000 + HOUR_SECONDS, "x", true);
    const [start, end] = [Math.max(from, left), Math.min(to, left + width)];
    if (end <= start) return;
    plot.ctx.fillStyle = colourOf("#hours-key", "backgroundColor");
    plot.ctx.fillRect(start, top, end - start, height);
  }

  /**
   * Tells the values under the pointer, else the newest ones.
   *
   * @param {uPlot} plot
   */
  #tell(plot) {
    const [times, prices = [], sentiments = []] = plot.data;
    const at = plot.cursor.idx ?? times.length - 1;
    const [time = 0, price, sentiment] = [times[at], prices[at], sentiments[at]];
    this.#price.textContent = price == null ? "–" : formatPrice(price);
    this.#sentiment.textContent = sentiment == null ? "–" : formatSentiment(sentiment);
    this.#time.textContent = `at ${formatTime(time * 1_000, this.#timeZone)}`;
  }
}

/**
 * Reads a colour from the style sheet, which knows the colour scheme.
 *
 * @param {string} selector
 * @param {"color" | "backgroundColor" | "borderTopColor"} property
 */
function colourOf(selector, property = "color") {
  return getComputedStyle(find(selector))[property];
}

/** @param {HTMLElement} element */
function fontOf(element) {
  const { fontSize, fontFamily } = getComputedStyle(element);
  return `${fontSize} ${fontFamily}`;
}

/**
 * @param {string} selector
 * @returns {HTMLElement}
 */
function find(selector) {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement) return element;
  throw new Error(`Cannot find ${selector} in the page`);
}
