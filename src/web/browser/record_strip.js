// @ts-check
import { html } from "./html.js";
import { findRunsOf } from "./record_hours.js";

/** @import { RecordHour, Run } from "./record_hours.js" */

/** Six days: the width of a phone still leaves an hour wider than a pixel. */
const ROW_HOURS = 144;

// Heights in units of the drawing. Height and shape show the state, not colour alone.
const BASE = 9;
const LIT_TOP = 0;
const UNLIT_TOP = 7;
const TODAY_TOP = 11;
const HEIGHT = 13;

/**
 * Draws hours in rows of six days, each with the day it starts on. Runs of equal hours are one
 * shape, so that a month takes about a kilobyte.
 *
 * @param {readonly RecordHour[]} hours oldest first
 */
export function renderRows(hours) {
  const rows = Array.from(
    { length: Math.ceil(hours.length / ROW_HOURS) },
    (_, row) => hours.slice(row * ROW_HOURS, (row + 1) * ROW_HOURS),
  );
  return html`${rows.map(renderRow)}`;
}

/** @param {readonly RecordHour[]} row */
function renderRow(row) {
  const lit = findRunsOf(row.map(({ state }) => state), "lit");
  const unknown = findRunsOf(row.map(({ state }) => state), "unknown");
  // Lit hours are drawn on top: leaving them out here would double the number of shapes.
  const known = findRunsOf(row.map(({ state }) => state !== "unknown"), true);
  const today = findRunsOf(row.map(({ isToday }) => isToday), true);
  const midnights = row.flatMap(({ day }, i) => day === (row[i - 1]?.day ?? day) ? [] : [i]);
  return html`
    <p>${row[0]?.day}</p>
    <svg viewBox="0 0 ${ROW_HOURS} ${HEIGHT}" preserveAspectRatio="none">${[
      renderPath("midnight", midnights.map((i) => `M${i} 0V${BASE}`).join("")),
      renderPath("unlit", drawBars(known, UNLIT_TOP, BASE)),
      renderPath("unknown", drawLines(unknown)),
      renderPath("lit", drawBars(lit, LIT_TOP, BASE)),
      renderPath("today", drawBars(today, TODAY_TOP, HEIGHT)),
    ]}</svg>
  `;
}

/**
 * @param {string} name
 * @param {string} shape
 */
function renderPath(name, shape) {
  return shape !== "" && html`
    <path class="${name}" d="${shape}" />
  `;
}

/**
 * @param {readonly Run[]} runs
 * @param {number} top
 * @param {number} bottom
 */
function drawBars(runs, top, bottom) {
  return runs.map(({ from, to }) => `M${from} ${bottom}V${top}H${to}V${bottom}z`).join("");
}

/** @param {readonly Run[]} runs */
function drawLines(runs) {
  const height = (UNLIT_TOP + BASE) / 2;
  return runs.map(({ from, to }) => `M${from} ${height}H${to}`).join("");
}
