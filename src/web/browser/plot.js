// @ts-check
import { html } from "./html.js";
import {
  createScale,
  drawArea,
  drawLine,
  extentOf,
  findDays,
  findHours,
  findTicks,
  round,
  spread,
} from "./scale.js";

/** @import { RenderContext } from "../view.ts" */
/** @import { Line, Scale } from "./scale.js" */

/** @typedef {{ readonly width: number, readonly height: number, readonly em: number }} Size in pixels; `em` is the text's */

/**
 * A metric in its part of the height, which is measured upwards from 0 to 1.
 *
 * @typedef {object} Metric
 * @property {string} name the class of its line
 * @property {string} [title] above its part
 * @property {readonly (number | null)[]} values one per time
 * @property {{ readonly bottom: number, readonly top: number }} part
 * @property {readonly (number | null)[]} [scaled] what the scale encloses; by default the values
 * @property {boolean} [hasArea] down to zero
 * @property {boolean} [sharesAxis] with the metric before it
 * @property {(value: number) => string} label of the axis
 * @property {(value: number) => string} end label of the newest value
 */

/** @typedef {{ readonly from: number, readonly to: number, readonly averages: readonly number[] }} Band a span of time with the average of each metric */

/**
 * What a plot shows; times are in Unix seconds.
 *
 * @typedef {object} Plot
 * @property {readonly number[]} times
 * @property {readonly Metric[]} metrics the first is drawn on top
 * @property {readonly Band[]} [bands] of full width, even if one ends after the times
 * @property {number} maxGapSeconds a longer one interrupts the lines
 * @property {(index: number) => string} describe the values at a time
 */

/** @typedef {{ readonly left: number, readonly right: number, readonly top: number, readonly bottom: number }} Edges in pixels */
/** @typedef {Metric & Line & { ticks: number[] }} Drawn */

const DAY_SECONDS = 86_400;
/** In units of the text's size. */
const MARGIN = { left: 4.2, top: 1.8, bottom: 2.2 };
const TITLE_HEIGHT = 1.7;
const CHARACTER_WIDTH = 0.68;
const LABEL_GAP = 0.6;
const END_GAP = 1.2;
const MIN_TICK_HEIGHT = 2.4;
const MIN_TIME_WIDTH = 5.2;

/**
 * Renders metrics over time as an SVG.
 *
 * @param {Plot} plot
 * @param {Size} size
 * @param {Pick<RenderContext, "formats">} context
 */
export function renderPlot(plot, size, context) {
  const { times } = plot;
  const x = createTimeScale(plot, size);
  const edges = edgesOf(plot, size);
  const drawn = plot.metrics.map((metric) => createMetric(metric, { plot, size, edges }));
  const bands = placeBands(plot, x, edges);
  const { left, top, bottom } = edges;
  return html`
    <svg viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">
      ${bands.map((band) => renderBand(band, edges))}
      ${drawn.filter(({ sharesAxis }) => !sharesAxis).map((metric) =>
        renderGrid(metric, size, edges)
      )}
      ${renderTimes(times, x, { size, context })}
      ${drawn.filter(({ hasArea }) => hasArea).map((metric) =>
        html`<path class="area" d="${drawArea(times, x, metric)}" />`
      )}
      ${drawn.toReversed().map((metric) => renderLine(metric, times, x))}
      ${renderEnds(drawn, times, { x, size, edges })}
      ${bands.map((band) => renderSteps(band, drawn))}
      <g class="cursor" hidden>
        <line y1="${top}" y2="${bottom}" />
        <text x="${left}" y="${round((MARGIN.top - LABEL_GAP) * size.em)}"></text>
      </g>
    </svg>
  `;
}

/**
 * Creates the scale from Unix seconds to pixels.
 *
 * @param {Plot} plot
 * @param {Size} size
 */
export function createTimeScale(plot, size) {
  const { times, bands = [] } = plot;
  const { left, right } = edgesOf(plot, size);
  const high = Math.max(times.at(-1) ?? 1, ...bands.map(({ to }) => to));
  return createScale({ low: times[0] ?? 0, high }, { from: left, to: right });
}

/**
 * Finds the edges of the lines; beside them there is room for the values at their ends.
 *
 * @param {Plot} plot
 * @param {Size} size
 */
function edgesOf({ metrics }, { width, height, em }) {
  const ends = metrics.map(({ values, end }) => end(newestOf(values)?.value ?? 0).length);
  const margin = 2 * LABEL_GAP + CHARACTER_WIDTH * Math.max(...ends);
  const titleHeight = metrics[0]?.title ? TITLE_HEIGHT : 0;
  return {
    left: round(MARGIN.left * em),
    right: round(width - margin * em),
    top: round((MARGIN.top + titleHeight) * em),
    bottom: round(height - MARGIN.bottom * em),
  };
}

/** @param {readonly (number | null)[]} values */
function newestOf(values) {
  const index = values.findLastIndex((value) => value !== null);
  const value = values[index] ?? null;
  return value === null ? undefined : { index, value };
}

/**
 * @param {Metric} metric
 * @param {{ plot: Plot, size: Size, edges: Edges }} options
 * @returns {Drawn}
 */
function createMetric(metric, { plot: { maxGapSeconds }, size, edges: { top, bottom } }) {
  const height = bottom - top;
  const { part, scaled = metric.values } = metric;
  const [from, to] = [bottom - part.bottom * height, bottom - part.top * height];
  const ticks = findTicks(extentOf(scaled), Math.floor((from - to) / (MIN_TICK_HEIGHT * size.em)));
  const y = createScale({ low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1 }, { from, to });
  return { ...metric, y, ticks, maxGapSeconds };
}

/**
 * Cuts bands at the left edge, and leaves out those beyond. A seam tells one from the next.
 *
 * @param {Plot} plot
 * @param {Scale} x
 * @param {Edges} edges
 */
function placeBands({ bands = [] }, x, { left }) {
  return bands
    .map(({ from, to, averages }) => ({
      averages,
      start: round(Math.max(x(from), left)),
      end: round(x(to) - 1),
    }))
    .filter(({ start, end }) => start < end);
}

/**
 * @param {{ start: number, end: number }} band
 * @param {Edges} edges
 */
function renderBand({ start, end }, { top, bottom }) {
  return html`<rect class="band" x="${start}" y="${top}" width="${round(end - start)}" height="${
    round(bottom - top)
  }" />`;
}

/**
 * @param {{ start: number, end: number, averages: readonly number[] }} band
 * @param {readonly Drawn[]} metrics
 */
function renderSteps({ start, end, averages }, metrics) {
  return metrics.map(({ y }, i) =>
    html`<path class="step" d="M${start} ${round(y(averages[i] ?? 0))}H${end}" />`
  );
}

/**
 * @param {Drawn} metric
 * @param {Size} size
 * @param {Edges} edges
 */
function renderGrid({ name, title, ticks, y, label }, { em }, { left, right }) {
  const lines = ticks.map((tick) => {
    const at = round(y(tick));
    return html`<path class="grid" d="M${left} ${at}H${right}" />
<text x="${round(left - LABEL_GAP * em)}" y="${at}" dy="0.35em" text-anchor="end">${
      label(tick)
    }</text>`;
  });
  const titleY = round(y(ticks.at(-1) ?? 0) - LABEL_GAP * em);
  return html`
    ${lines}
    ${title !== undefined &&
      html`<text class="title ${name}" x="${left}" y="${titleY}">${title}</text>`}
  `;
}

/**
 * @param {Drawn} metric
 * @param {readonly number[]} times
 * @param {Scale} x
 */
function renderLine(metric, times, x) {
  return html`
    <path class="line ${metric.name}" d="${drawLine(times, x, metric)}" />
  `;
}

/**
 * Renders a dot and the value at each line's end.
 *
 * @param {readonly Drawn[]} metrics
 * @param {readonly number[]} times
 * @param {{ x: Scale, size: Size, edges: Edges }} options
 */
function renderEnds(metrics, times, { x, size, edges }) {
  const ends = metrics.flatMap(({ values, y, end, name }) => {
    const newest = newestOf(values);
    if (newest === undefined) return [];
    const { index, value } = newest;
    return [{ name, text: end(value), x: round(x(times[index] ?? 0)), y: round(y(value)) }];
  });
  const heights = spread(ends.map(({ y }) => y), END_GAP * size.em);
  const textX = round(edges.right + LABEL_GAP * size.em);
  return ends.map(({ name, text, x, y }, i) =>
    html`<circle class="${name}" cx="${x}" cy="${y}" r="4.5" />
<text class="end" x="${textX}" y="${round(heights[i] ?? y)}" dy="0.35em">${text}</text>`
  );
}

/**
 * Renders full hours of the reader's clock, or over several days the days, as many as there is room for.
 *
 * @param {readonly number[]} times
 * @param {Scale} x
 * @param {{ size: Size, context: Pick<RenderContext, "formats"> }} options
 */
function renderTimes(times, x, { size, context: { formats } }) {
  const spanSeconds = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const room = MIN_TIME_WIDTH * size.em;
  const labels = spanSeconds > 2 * DAY_SECONDS
    ? findDays(times, formats, Math.ceil(room / (x(DAY_SECONDS) - x(0))))
    : findHours(times, formats, room / (x(DAY_SECONDS / 24) - x(0)));
  const y = round(size.height - LABEL_GAP * size.em);
  return labels.map(({ time, label }) =>
    html`
      <text x="${round(x(time))}" y="${y}" text-anchor="middle">${label}</text>
    `
  );
}
