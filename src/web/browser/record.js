// @ts-check
import { html } from "./html.js";
import {
  describeDays,
  describeRecord,
  describeStrip,
  findRunsOf,
  listHours,
} from "./record_text.js";

/** @import { RenderContext, Trouble } from "../view.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { RecordHour, Run } from "./record_text.js" */

/** Six days: the width of a phone still leaves an hour wider than a pixel. */
const ROW_HOURS = 144;

// Heights in units of the drawing. Height and shape show the state, not colour alone.
const BASE = 9;
const LIT_TOP = 0;
const UNLIT_TOP = 7;
const TODAY_TOP = 11;
const HEIGHT = 13;

/**
 * Renders the section of the page; its parts are renewed by {@linkcode renderRecord} in `#record`
 * and {@linkcode renderRecordDays} in `#record-days`.
 *
 * @param {{ readonly record?: TrackRecord | undefined, readonly trouble?: Trouble }} view
 * @param {RenderContext} context
 */
export function renderRecordSection({ record, trouble }, context) {
  const words = context.words.record;
  // Hours that cannot be read now are not missing.
  const missing = trouble === "no-data" ? words.noRecord : words.unreadable;
  return html`
    <section class="inner record" aria-labelledby="record-title">
      <h2 id="record-title">${words.title}</h2>
      <div id="record">${record === undefined
        ? html`<p class="finding">${missing}</p>`
        : renderRecord(record, context)}</div>
      <details>
        <summary>${words.byDay}</summary>
        <ul id="record-days">${record !== undefined && renderRecordDays(record, context)}</ul>
      </details>
    </section>
  `;
}

/**
 * Renders the result as a sentence, and the hours as a strip.
 *
 * @param {TrackRecord} record
 * @param {RenderContext} context
 */
export function renderRecord(record, context) {
  const words = context.words.record;
  const hours = listHours(record, context);
  return html`
    <p class="finding">${describeRecord(record, context)}</p>
    <div class="strip" role="img" aria-label="${describeStrip(record, hours, context)}">
      ${renderRows(hours)}
    </div>
    <ul class="record-keys" aria-hidden="true">
      <li><i class="lit"></i>${words.lit}</li>
      <li><i class="unlit"></i>${words.unlit}</li>
      <li><i class="unknown"></i>${words.unknown}</li>
      <li><i class="today"></i>${words.today}</li>
    </ul>
  `;
}

/**
 * Renders the strip as text, one line per day of the reader, newest first.
 *
 * @param {TrackRecord} record
 * @param {RenderContext} context
 */
export function renderRecordDays(record, context) {
  const lines = describeDays(listHours(record, context), context);
  return html`${lines.map((line) => html`<li>${line}</li>`)}`;
}

/**
 * Draws hours in rows of six days, each with the day it starts on. Runs of equal hours are one
 * shape, so that a month takes about a kilobyte.
 *
 * @param {readonly RecordHour[]} hours oldest first
 */
function renderRows(hours) {
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
