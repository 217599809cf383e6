// @ts-check

/** @typedef {{ readonly low: number; readonly high: number }} Extent of values */
/** @typedef {{ readonly from: number; readonly to: number }} Span of pixels */
/** @typedef {(value: number) => number} Scale from a value to a pixel */

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
 * Finds round values within an extent.
 *
 * @param {Extent} extent
 * @param {number} maxCount
 * @returns {number[]}
 */
export function findTicks({ low, high }, maxCount) {
  const minStep = (high - low) / Math.max(maxCount, 1);
  const power = 10 ** Math.floor(Math.log10(minStep));
  const step = (STEPS.find((part) => part * power >= minStep) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  // A product of the step has float dust, such as 0.30000000000000004.
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
