// @ts-check

/** @import uPlot from "uplot" */

// Two lines that share a plot seem to cross where nothing does. So each has a part of the height to
// itself, price above sentiment: its scale is stretched, and its axis shows only its own part.

/** @typedef {{ readonly from: number; readonly to: number }} Part of the height, from 0 to 1 */

/** @type {Part} */
export const PRICE_PART = { from: 0.46, to: 0.94 };

/** @type {Part} */
export const SENTIMENT_PART = { from: 0.04, to: 0.34 };

const SLACK = 0.04;

const DOLLARS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const SIGNED = new Intl.NumberFormat("en-US", { signDisplay: "exceptZero" });

/**
 * Gives the scale on which `low`…`high` fills a part of the height.
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

/** @param {(number | null)[]} prices in US dollars; null is not labelled */
export function labelPrices(prices) {
  return prices.map((price) => price === null ? null : DOLLARS.format(price));
}

/** @param {(number | null)[]} sentiments −1…1; null is not labelled */
export function labelSentiments(sentiments) {
  return sentiments.map((value) => value === null ? null : SIGNED.format(value).replace("-", "−"));
}
