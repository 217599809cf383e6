// @ts-check
/// <reference lib="dom" />
import { createChartOptions } from "./chart_options.js";
import { find } from "./dom.js";
import { describeHistory, toColumns } from "./history.js";

/** @import uPlot from "uplot" */
/** @import { History } from "../../core/history.ts" */
/** @import { HourlyAverage } from "../../core/summary.ts" */
/** @import { RenderContext } from "../render_context.ts" */

const NO_VALUE = "–";
const STEPS_PER_PAGE = 4;

/** @type {ReadonlyMap<string, number>} */
const STEPS = new Map([
  ["ArrowLeft", -1],
  ["ArrowDown", -1],
  ["ArrowRight", 1],
  ["ArrowUp", 1],
  ["PageDown", -STEPS_PER_PAGE],
  ["PageUp", STEPS_PER_PAGE],
  ["Home", -Infinity],
  ["End", Infinity],
]);

/** The chart of the last 24 hours. It is a slider for the keyboard, whose value is a point in time. */
export class Chart {
  #place = find("#chart");
  #context;
  /** @type {uPlot | undefined} */
  #plot;
  /** @type {readonly HourlyAverage[]} */
  #hours = [];

  /** @param {RenderContext} context */
  constructor(context) {
    this.#context = context;
    this.#place.addEventListener("keydown", (event) => this.#move(event));
    this.#place.addEventListener("blur", () => this.#plot?.setCursor({ left: -1, top: -1 }));
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#place);
    matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", () => this.#plot?.redraw(false));
  }

  /**
   * Draws a history.
   *
   * @param {History} history
   * @param {readonly HourlyAverage[]} hours the hours to mark
   */
  show(history, hours) {
    this.#hours = hours;
    const text = describeHistory(history, this.#context);
    find("#chart-text").textContent = text ?? this.#context.words.chart.empty;
    find("#chart-drawn").hidden = text === undefined;
    if (text === undefined) return;
    const columns = toColumns(history);
    if (this.#plot) this.#plot.setData(columns);
    else this.#plot = this.#create(columns);
    this.#showValues(this.#plot);
  }

  /** @param {uPlot.AlignedData} columns */
  #create(columns) {
    const options = createChartOptions({
      size: this.#size(),
      context: this.#context,
      place: this.#place,
      hours: () => this.#hours,
      onCursor: (plot) => this.#showValues(plot),
    });
    return new globalThis.uPlot(options, columns, this.#place);
  }

  #size() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    return { width, height };
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const [steps, plot] = [STEPS.get(event.key), this.#plot];
    if (steps === undefined || plot === undefined) return;
    event.preventDefault();
    const [times] = plot.data;
    const last = times.length - 1;
    const at = Math.min(Math.max((plot.cursor.idx ?? last) + steps, 0), last);
    plot.setCursor({ left: plot.valToPos(times[at] ?? 0, "x"), top: 0 });
  }

  /**
   * Shows the values at the cursor, else the newest ones.
   *
   * @param {uPlot} plot
   */
  #showValues(plot) {
    const { formats, words: { chart } } = this.#context;
    const [times, prices = [], sentiments = []] = plot.data;
    const last = times.length - 1;
    const at = plot.cursor.idx ?? last;
    const [time = 0, price, sentiment] = [times[at], prices[at], sentiments[at]];
    const shown = {
      time: formats.time(time * 1_000),
      price: price == null ? NO_VALUE : formats.price(price),
      sentiment: sentiment == null ? NO_VALUE : formats.sentiment(sentiment),
    };
    find("#price-value").textContent = shown.price;
    find("#sentiment-value").textContent = shown.sentiment;
    find("#chart-time").textContent = chart.valuesAt(shown.time);
    this.#place.ariaValueMax = String(last);
    this.#place.ariaValueNow = String(at);
    this.#place.ariaValueText = chart.point(shown.time, shown.price, shown.sentiment);
  }
}
