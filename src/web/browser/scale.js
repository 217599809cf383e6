// @ts-check

/** @import { RenderContext } from "../view.ts" */

/** @typedef {{ readonly low: number; readonly high: number }} Extent of values */
/** @typedef {{ readonly from: number; readonly to: number }} Span of pixels */
/** @typedef {(value: number) => number} Scale from a value to a pixel */
/** @typedef {{ values: readonly (number | null)[], y: Scale, maxGapSeconds: number }} Line whose values belong to times; null is a gap */

/** Steps between ticks that are easy to read, as parts of a power of ten. */
const STEPS = [1, 2, 2.5, 5, 10];

/** Hours between two labels. */
const HOUR_STEPS = [1, 2, 3, 6, 12, 24];

/**
 * Finds the extent of values. A flat line gets some room above and below.
 *
 * @param {readonly (number | null)[]} values
 * @returns {Extent}
 */
export function extentOf(values) {
  const known = values.filter((value) => value !== null);
  const [low, high] = known.length === 0 ? [0, 0] : [Math.min(...known), Math.max(...known)];
  if (low < high) return { low, high };
  const room = Math.abs(low) / 100 || 1;
  return { low: low - room, high: high + room };
}

/**
 * Creates the scale that maps an extent to a span of pixels.
 *
 * @param {Extent} extent
 * @param {Span} span
 * @returns {Scale}
 */
export function createScale({ low, high }, { from, to }) {
  return (value) => from + (value - low) / (high - low) * (to - from);
}

/**
 * Finds round values that enclose an extent.
 *
 * @param {Extent} extent
 * @param {number} maxCount
 * @returns {number[]}
 */
export function findTicks({ low, high }, maxCount) {
  const minStep = (high - low) / Math.max(maxCount, 1);
  const power = 10 ** Math.floor(Math.log10(minStep));
  const step = (STEPS.find((part) => part * power >= minStep) ?? 10) * power;
  const first = Math.floor(low / step);
  const count = Math.ceil(high / step) - first + 1;
  // A product of the step has float dust, such as 0.30000000000000004.
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * Finds the full hours of the reader's clock.
 *
 * @param {readonly number[]} times in Unix seconds
 * @param {RenderContext["formats"]} formats
 * @param {number} minHours between two labels
 */
export function findHours(times, formats, minHours) {
  const step = HOUR_STEPS.find((hours) => hours >= minHours) ?? 24;
  return times
    .map((time) => ({ time, label: formats.time(time * 1_000) }))
    .filter(({ label }) => label.endsWith(":00") && Number(label.slice(0, 2)) % step === 0);
}

/**
 * Finds the first times of the reader's days.
 *
 * @param {readonly number[]} times in Unix seconds
 * @param {RenderContext["formats"]} formats
 * @param {number} step in days
 */
export function findDays(times, formats, step) {
  const labels = times.map((time) => ({ time, label: formats.dayOfYear(time * 1_000) }));
  return labels
    .filter(({ label }, i) => i > 0 && label !== labels[i - 1]?.label)
    .filter((_, i) => i % step === 0);
}

/**
 * Draws a line as the path of an SVG.
 *
 * @param {readonly number[]} times
 * @param {Scale} x
 * @param {Line} line
 */
export function drawLine(times, x, line) {
  // A point without neighbours is drawn as a dot, thanks to round line ends.
  return findRuns(times, x, line).map((run) => `M${run.join("L")}h.01`).join("");
}

/**
 * Draws the area between a line and zero as the path of an SVG.
 *
 * @param {readonly number[]} times
 * @param {Scale} x
 * @param {Line} line
 */
export function drawArea(times, x, line) {
  const zero = round(line.y(0));
  return findRuns(times, x, line).map((run) => {
    const [start, end] = [run[0], run.at(-1)].map((point) => point?.split(" ")[0]);
    return `M${start} ${zero}L${run.join("L")}L${end} ${zero}Z`;
  }).join("");
}

/**
 * Finds the points of a line, in runs without a long gap.
 *
 * @param {readonly number[]} times
 * @param {Scale} x
 * @param {Line} line
 */
function findRuns(times, x, { values, y, maxGapSeconds }) {
  /** @type {string[][]} */
  const runs = [];
  let last = -Infinity;
  times.forEach((time, i) => {
    const value = values[i] ?? null;
    if (value === null) return;
    if (runs.length === 0 || time - last > maxGapSeconds) runs.push([]);
    runs.at(-1)?.push(`${round(x(time))} ${round(y(value))}`);
    last = time;
  });
  return runs;
}

/**
 * Moves two heights apart that are closer than a line of text.
 *
 * @param {number[]} heights
 * @param {number} gap
 */
export function spread(heights, gap) {
  const [first = 0, second] = heights;
  if (second === undefined || Math.abs(first - second) >= gap) return heights;
  const middle = (first + second) / 2;
  const direction = first <= second ? 1 : -1;
  return [middle - direction * gap / 2, middle + direction * gap / 2];
}

/**
 * Rounds to tenths of a pixel, which no eye can tell apart.
 *
 * @param {number} pixels
 */
export function round(pixels) {
  return Math.round(pixels * 10) / 10;
}
