// @ts-check

/** @import { Scale } from "./scale.js" */

/** @typedef {{ values: (number | null)[], y: Scale }} Line whose values belong to times; null is a gap */

/**
 * Draws a line as the path of an SVG.
 *
 * @param {number[]} times
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
 * @param {number[]} times
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
 * Finds the points of a line, in runs without a gap.
 *
 * @param {number[]} times
 * @param {Scale} x
 * @param {Line} line
 */
function findRuns(times, x, { values, y }) {
  /** @type {string[][]} */
  const runs = [];
  times.forEach((time, i) => {
    const value = values[i] ?? null;
    if (value === null) return;
    if (i === 0 || (values[i - 1] ?? null) === null) runs.push([]);
    runs.at(-1)?.push(`${round(x(time))} ${round(y(value))}`);
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
