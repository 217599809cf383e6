// @ts-check
/// <reference lib="dom" />
import { find, put } from "./dom.js";
import { createTimeScale, renderPlot } from "./plot.js";

/** @import { RenderContext } from "../view.ts" */
/** @import { Plot } from "./plot.js" */

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

/** A chart over time. It is a slider for the keyboard, whose value is a point in time. */
export class Chart {
  #place;
  #context;
  /** @type {Plot | undefined} */
  #plot;
  /** @type {number | undefined} the point under the cursor */
  #cursor;

  /**
   * @param {string} id
   * @param {RenderContext} context
   */
  constructor(id, context) {
    this.#place = find(`#${id}`);
    this.#context = context;
    this.#place.addEventListener("pointermove", ({ offsetX }) => this.#pointAt(offsetX));
    this.#place.addEventListener("pointerleave", () => this.#moveCursor(undefined));
    this.#place.addEventListener("keydown", (event) => this.#step(event));
    this.#place.addEventListener("blur", () => this.#moveCursor(undefined));
    new ResizeObserver(() => this.#draw()).observe(this.#place);
  }

  /**
   * Draws a plot, with its text below it.
   *
   * @param {Plot | undefined} plot
   * @param {string} text
   */
  show(plot, text) {
    find(`#${this.#place.id}-text`).textContent = text;
    find(`#${this.#place.id}-drawn`).hidden = plot === undefined;
    this.#plot = plot;
    if ((this.#cursor ?? 0) >= (plot?.times.length ?? 0)) this.#cursor = undefined;
    this.#draw();
  }

  get #size() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    return { width, height, em: parseFloat(getComputedStyle(this.#place).fontSize) };
  }

  #draw() {
    if (this.#plot === undefined) return;
    put(this.#place.id, renderPlot(this.#plot, this.#size, this.#context));
    this.#moveCursor(this.#cursor);
  }

  /** @param {number} offsetX in pixels */
  #pointAt(offsetX) {
    if (this.#plot === undefined) return;
    const x = createTimeScale(this.#plot, this.#size);
    const distances = this.#plot.times.map((time) => Math.abs(x(time) - offsetX));
    this.#moveCursor(distances.indexOf(Math.min(...distances)));
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const steps = STEPS_BY_KEY.get(event.key);
    if (steps === undefined || this.#plot === undefined) return;
    event.preventDefault();
    const last = this.#plot.times.length - 1;
    this.#moveCursor(Math.min(Math.max((this.#cursor ?? newestOf(this.#plot)) + steps, 0), last));
  }

  /**
   * Moves the cursor and shows the values there, or without a cursor announces the newest ones.
   *
   * @param {number | undefined} cursor
   */
  #moveCursor(cursor) {
    this.#cursor = cursor;
    if (this.#plot === undefined) return;
    const at = cursor ?? newestOf(this.#plot);
    const text = this.#plot.describe(at);
    this.#place.ariaValueMax = String(this.#plot.times.length - 1);
    this.#place.ariaValueNow = String(at);
    this.#place.ariaValueText = text;
    const group = this.#place.querySelector(".cursor");
    group?.toggleAttribute("hidden", cursor === undefined);
    if (cursor !== undefined) this.#placeLabel(this.#plot, cursor);
  }

  /**
   * Puts the label above the cursor's line, within the chart.
   *
   * @param {Plot} plot
   * @param {number} cursor
   */
  #placeLabel(plot, cursor) {
    const size = this.#size;
    const x = createTimeScale(plot, size)(plot.times[cursor] ?? 0);
    const line = this.#place.querySelector(".cursor line");
    line?.setAttribute("x1", String(x));
    line?.setAttribute("x2", String(x));
    const label = this.#place.querySelector(".cursor text");
    if (!(label instanceof SVGTextElement)) return;
    label.textContent = plot.describe(cursor);
    const width = label.getComputedTextLength();
    label.setAttribute("x", String(Math.max(0, Math.min(x - width / 2, size.width - width))));
  }
}

/**
 * Finds the newest point that has all values: sentiment comes some minutes after the price.
 *
 * @param {Plot} plot
 */
function newestOf({ times, metrics }) {
  const newest = times.findLastIndex((_, i) => metrics.every(({ values }) => values[i] != null));
  return newest === -1 ? times.length - 1 : newest;
}
