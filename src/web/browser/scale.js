// @ts-check

/** @typedef {{ readonly low: number; readonly high: number }} Extent of values */
/** @typedef {{ readonly from: number; readonly to: number }} Span of pixels */
/** @typedef {(value: number) => number} Scale from a value to a pixel */
/** @typedef {{ values: readonly (number | null)[], y: Scale, maxGapSeconds: number }} Line whose values belong to times; null is a gap */

/** Steps between ticks that are easy to read, as parts of a power of ten. */
const STEPS = [1, 2, 2.5, 5, 10];

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
 * Rounds to tenths of a pixel, which no eye can tell apart.
 *
 * @param {number} pixels
 */
export function round(pixels) {
  return Math.round(pixels * 10) / 10;
}
