// @ts-check
import { html } from "./html.js";
import { listHours } from "./record_hours.js";
import { HOUR_MS } from "./time.js";
import { renderRows } from "./record_strip.js";
import { describeDays, describeRecord, describeStrip } from "./record_text.js";

/** @import { Trouble } from "../view.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { RecordContext } from "../words.ts" */
/** @import { RenderContext } from "../view.ts" */

/** How long after an hour's end the service includes it. */
const SETTLE_MS = 15 * 60_000;

/**
 * Returns what the record is rendered with.
 *
 * @param {RenderContext} context
 * @param {number} now in Unix milliseconds
 * @returns {RecordContext}
 */
export function recordContextOf({ words, recordFormats }, now) {
  return { words: words.record, formats: recordFormats, now };
}

/**
 * Renders the section of the page; its parts are renewed by {@linkcode renderRecord} in `#record`
 * and {@linkcode renderRecordDays} in `#record-days`.
 *
 * @param {{ readonly record?: TrackRecord | undefined, readonly trouble?: Trouble }} view
 * @param {RecordContext} context
 */
export function renderRecordSection({ record, trouble }, context) {
  const { words } = context;
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
 * @param {RecordContext} context
 */
export function renderRecord(record, context) {
  const { words } = context;
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
 * @param {RecordContext} context
 */
export function renderRecordDays(record, context) {
  const lines = describeDays(listHours(record, context), context);
  return html`${lines.map((line) => html`<li>${line}</li>`)}`;
}

/**
 * Whether the service has a newer record than this one.
 *
 * @param {TrackRecord} record
 * @param {number} asOf of the summary, in Unix milliseconds
 */
export function isRecordOutdated(record, asOf) {
  return asOf >= Date.parse(record.to) + HOUR_MS + SETTLE_MS;
}
