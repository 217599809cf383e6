// @ts-check

/** @import uPlot from "uplot" */

// Two lines in one plot seem to cross although their units differ. So each has its own part of the
// height, price above sentiment: its scale is stretched, and its axis shows only that part.

/** @typedef {{ readonly from: number; readonly to: number }} Part of the height, from 0 to 1 */

/** @type {Part} */
export const PRICE_PART = { from: 0.46, to: 0.94 };

/** @type {Part} */
export const SENTIMENT_PART = { from: 0.04, to: 0.34 };

const SLACK = 0.04;

/**
 * Returns the scale on which `low`…`high` fills a part of the height.
 *
 * @param {number | null} low
 * @param {number | null} high
 * @param {Part} part
 * @returns {[number, number]}
 */
export function stretch(low, high, { from, to }) {
  const [bottom, top] = low === null || high === null ? [0, 0] : [low, high];
  const unit = ((top - bottom) || Math.abs(top) / 100 || 1) / (to - from);
  return [bottom - from * unit, bottom + (1 - from) * unit];
}

/**
 * Keeps the marks of an axis that are in its part of the height.
 *
 * @param {Part} part
 * @returns {uPlot.Axis.Filter}
 */
export function onlyWithin({ from, to }) {
  return (plot, values, axis) => {
    const { min = 0, max = 1 } = plot.scales[plot.axes[axis]?.scale ?? ""] ?? {};
    return values.map((value) => {
      const height = (value - (min ?? 0)) / ((max ?? 1) - (min ?? 0));
      return height >= from - SLACK && height <= to + SLACK ? value : null;
    });
  };
}

/**
 * Labels the marks of an axis; one that was filtered out is null and has no label.
 *
 * @param {(number | null)[]} values
 * @param {(value: number) => string} format
 */
export function labelValues(values, format) {
  return values.map((value) => value === null ? null : format(value));
}
