// @ts-check
/// <reference lib="dom" />
import { find, put } from "./dom.js";
import { describeHistory, toColumns } from "./history.js";
import { createTimeScale, renderPlot } from "./plot.js";

/** @import { History } from "../../history/wire.ts" */
/** @import { HourlyAverage } from "../../summary/wire.ts" */
/** @import { RenderContext } from "../view.ts" */
/** @import { Columns } from "./plot.js" */

const NO_VALUE = "–";
const STEPS_PER_PAGE = 4;

/** @type {ReadonlyMap<string, number>} */
const STEPS_BY_KEY = new Map([
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
  /** @type {Columns | undefined} */
  #columns;
  /** @type {readonly HourlyAverage[]} */
  #hours = [];
  /** @type {number | undefined} the point under the cursor */
  #cursor;

  /** @param {RenderContext} context */
  constructor(context) {
    this.#context = context;
    this.#place.addEventListener("pointermove", ({ offsetX }) => this.#pointAt(offsetX));
    this.#place.addEventListener("pointerleave", () => this.#moveCursor(undefined));
    this.#place.addEventListener("keydown", (event) => this.#step(event));
    this.#place.addEventListener("blur", () => this.#moveCursor(undefined));
    new ResizeObserver(() => this.#draw()).observe(this.#place);
  }

  /**
   * Draws a history.
   *
   * @param {History} history
   * @param {readonly HourlyAverage[]} hours the hours to mark
   */
  show(history, hours) {
    const text = describeHistory(history, this.#context);
    find("#chart-text").textContent = text ?? this.#context.words.chart.empty;
    find("#chart-drawn").hidden = text === undefined;
    this.#columns = text === undefined ? undefined : toColumns(history);
    this.#hours = hours;
    this.#draw();
  }

  #draw() {
    if (this.#columns === undefined) return;
    const { clientWidth: width, clientHeight: height } = this.#place;
    const content = { columns: this.#columns, hours: this.#hours, size: { width, height } };
    put("chart", renderPlot(content, this.#context));
    this.#moveCursor(this.#cursor);
  }

  /** @param {number} offsetX in pixels */
  #pointAt(offsetX) {
    if (this.#columns === undefined) return;
    const [times] = this.#columns;
    const x = createTimeScale(times, this.#place.clientWidth);
    const distances = times.map((time) => Math.abs(x(time) - offsetX));
    this.#moveCursor(distances.indexOf(Math.min(...distances)));
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const steps = STEPS_BY_KEY.get(event.key);
    if (steps === undefined || this.#columns === undefined) return;
    event.preventDefault();
    const last = this.#columns[0].length - 1;
    this.#moveCursor(Math.min(Math.max((this.#cursor ?? this.#newest()) + steps, 0), last));
  }

  /** The newest point that has both values: sentiment comes some minutes after the price. */
  #newest() {
    const [times, prices, sentiments] = this.#columns ?? [[], [], []];
    const newest = times.findLastIndex((_, i) => prices[i] != null && sentiments[i] != null);
    return newest === -1 ? times.length - 1 : newest;
  }

  /**
   * Moves the cursor and shows the values there, or without a cursor the newest ones.
   *
   * @param {number | undefined} cursor
   */
  #moveCursor(cursor) {
    this.#cursor = cursor;
    if (this.#columns === undefined) return;
    const [times, prices, sentiments] = this.#columns;
    const at = cursor ?? this.#newest();
    const [time = 0, price = null, sentiment = null] = [times[at], prices[at], sentiments[at]];
    this.#showValues(at, { time, price, sentiment });
    const x = createTimeScale(times, this.#place.clientWidth)(time);
    const line = this.#place.querySelector(".cursor");
    line?.setAttribute("x1", String(x));
    line?.setAttribute("x2", String(x));
    line?.toggleAttribute("hidden", cursor === undefined);
  }

  /**
   * @param {number} at
   * @param {{ time: number, price: number | null, sentiment: number | null }} values
   */
  #showValues(at, { time, price, sentiment }) {
    const { formats, words: { chart } } = this.#context;
    const shown = {
      time: formats.time(time * 1_000),
      price: price === null ? NO_VALUE : formats.price(price),
      sentiment: sentiment === null ? NO_VALUE : formats.sentiment(sentiment),
    };
    find("#price-value").textContent = shown.price;
    find("#sentiment-value").textContent = shown.sentiment;
    find("#chart-time").textContent = chart.valuesAt(shown.time);
    this.#place.ariaValueMax = String((this.#columns?.[0].length ?? 1) - 1);
    this.#place.ariaValueNow = String(at);
    this.#place.ariaValueText = chart.point(shown.time, shown.price, shown.sentiment);
  }
}
