// @ts-check
import { html } from "./html.js";
import {
  describeDays,
  describeFigures,
  describeMonth,
  describeRecord,
  describeVerdict,
  findRunsOf,
  listHours,
} from "./record_text.js";

/** @import { PageContext, RenderContext, Trouble } from "../view.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { HourState } from "../../track_record/hour_states.ts" */
/** @import { RecordHour } from "./record_text.js" */

const HOURS_PER_DAY = 24;
/** Every fifth day has its name beside it, counted from the newest. */
const NAMED_DAYS = 5;
const HOUR_LABELS = ["00", "06", "12", "18"];

/**
 * Renders the section of the page; its parts are renewed by {@linkcode renderRecord} in `#record`,
 * {@linkcode renderRecordDays} in `#record-days` and {@linkcode renderMonth} in `#month`.
 *
 * @param {{ readonly record?: TrackRecord | undefined, readonly trouble?: Trouble }} view
 * @param {PageContext} context
 */
export function renderRecordSection({ record, trouble }, context) {
  const { titles, review } = context.words;
  // Hours that cannot be read now are not missing.
  const missing = trouble === "no-data" ? review.noRecord : review.unreadable;
  return html`
    <section class="inner record" aria-labelledby="record-title">
      <h2 id="record-title">${titles.record}</h2>
      <div class="columns">
        <div>
          <div id="record">${record === undefined
            ? html`<p class="finding">${missing}</p>`
            : renderRecord(record, context)}</div>
          <details>
            <summary>${review.byDay}</summary>
            <ul id="record-days">${record !== undefined && renderRecordDays(record, context)}</ul>
          </details>
        </div>
        <div id="month">${record !== undefined && renderMonth(record, context)}</div>
      </div>
    </section>
  `;
}

/**
 * Renders the verdict, two figures with an interval, and how they are made.
 *
 * @param {TrackRecord} record
 * @param {RenderContext} context
 */
export function renderRecord(record, context) {
  const figures = describeFigures(record, context);
  return html`<p class="verdict">${describeVerdict(record, context)}</p>
${figures !== undefined && renderFigures(figures, context)}
<p class="finding">${describeRecord(record, context)}</p>`;
}

/**
 * @param {NonNullable<ReturnType<typeof describeFigures>>} figures
 * @param {RenderContext} context
 */
function renderFigures(figures, { words }) {
  const { spells, base, interval, low, high, share, baseShare } = figures;
  const { record } = words;
  return html`
    <dl class="figures">
      <div>
        <dt>${record.higherAfterSpells}</dt>
        <dd>${spells}</dd>
      </div>
      <div>
        <dt>${record.higherAfterAny}</dt>
        <dd>${base}</dd>
      </div>
    </dl>
    <svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" role="img"
      aria-label="${interval}">
      <path class="scale" d="M0 6H100" />
      <path class="likely" d="M${low} 6H${high}" />
      <path class="base" d="M${baseShare} 0V12" />
      <path class="share" d="M${share} 2V10" />
    </svg>
    <p class="ends" aria-hidden="true"><span>0%</span><span>100%</span></p>
    <ul class="record-keys" aria-hidden="true">
      <li><i class="share"></i>${record.afterSpells}</li>
      <li><i class="likely"></i>${record.likely}</li>
      <li><i class="base"></i>${record.anyHour}</li>
    </ul>
  `;
}

/**
 * Renders the hours as a grid, one row per day of the reader, if any is known.
 *
 * @param {TrackRecord} record
 * @param {RenderContext} context
 */
export function renderMonth(record, context) {
  if (record.known_hours === 0) return html``;
  const words = context.words.record;
  const hours = listHours(record, context);
  return html`
    <div class="month" role="img" aria-label="${describeMonth(record, hours, context)}">
      <p class="clock">${HOUR_LABELS.map((label) => html`<span>${label}</span>`)}</p>
      ${renderDays(hours, words.today)}
    </div>
    <ul class="record-keys" aria-hidden="true">
      <li><i class="lit"></i>${words.lit}</li>
      <li><i class="unlit"></i>${words.unlit}</li>
      <li><i class="unknown"></i>${words.unknown}</li>
    </ul>
  `;
}

/**
 * Renders the hours as text, one line per day of the reader, newest first.
 *
 * @param {TrackRecord} record
 * @param {RenderContext} context
 */
export function renderRecordDays(record, context) {
  if (record.known_hours === 0) return html``;
  const lines = describeDays(listHours(record, context), context);
  return html`${lines.map((line) => html`<li>${line}</li>`)}`;
}

/**
 * Draws each day as a row of its hours, runs of equal hours as one line. Lit hours cover the line of those
 * whose state is known, so a month takes about a kilobyte.
 *
 * @param {readonly RecordHour[]} hours oldest first
 * @param {string} today
 */
function renderDays(hours, today) {
  const days = [...Map.groupBy(hours, ({ day }) => day)];
  const rows = days.map(([, ofDay]) => toRow(ofDay));
  const known = rows.map((row) => row.map((state) => state === "lit" ? "unlit" : state));
  const ofToday = days.findIndex(([, ofDay]) => ofDay.some(({ isToday }) => isToday));
  const newest = days.length - 1;
  return html`
    <ol class="days">${days.map(([day], i) =>
      i === ofToday
        ? html`<li class="today">${today}</li>`
        : html`<li>${(newest - i) % NAMED_DAYS === 0 && day}</li>`
    )}</ol>
    <svg viewBox="0 0 ${HOURS_PER_DAY} ${rows.length}" height="${rows.length}em"
      preserveAspectRatio="none">${[
        renderPath("unlit", drawLines(known, "unlit")),
        renderPath("unknown", drawLines(rows, "unknown")),
        renderPath("lit", drawLines(rows, "lit")),
        renderPath("today", ofToday !== -1 && `M0 ${ofToday}H24V${ofToday + 1}H0z`),
      ]}</svg>
  `;
}

/**
 * Lays the hours of a day out by the reader's clock, which skips or repeats one when it is changed.
 *
 * @param {readonly RecordHour[]} hours
 * @returns {(HourState | undefined)[]}
 */
function toRow(hours) {
  /** @type {(HourState | undefined)[]} */
  const row = Array(HOURS_PER_DAY).fill(undefined);
  for (const { hour, state } of hours) row[hour] = state;
  return row;
}

/**
 * @param {string} name
 * @param {string | false} shape
 */
function renderPath(name, shape) {
  return shape && html`
    <path class="${name}" d="${shape}" />
  `;
}

/**
 * @param {readonly (HourState | undefined)[][]} rows
 * @param {HourState} state
 */
function drawLines(rows, state) {
  return rows.flatMap((row, y) =>
    findRunsOf(row, state).map(({ from, to }) => `M${from} ${y + 0.5}H${to}`)
  ).join("");
}
