// @ts-check

/** @import { RenderContext } from "../view.ts" */

const HOUR_STEPS = [1, 2, 3, 6, 12, 24];

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
