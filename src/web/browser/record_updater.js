// @ts-check
/// <reference lib="dom" />
import { put } from "./dom.js";
import { isRecordOutdated, recordContextOf, renderRecord, renderRecordDays } from "./record.js";
import { fetchTrackRecord } from "./service.js";

/** @import { Answer } from "../../summary/wire.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { RenderContext } from "../view.ts" */

/** The service may need a moment to read the record of an hour. */
const MIN_PAUSE_MS = 30_000;

/**
 * Creates a function that renews the track record when an hour has passed.
 *
 * @param {RenderContext} context
 * @param {() => number} now the service's time in Unix milliseconds
 */
export function createRecordUpdater(context, now) {
  /** @type {TrackRecord | undefined} */
  let record;
  let askedAt = -Infinity;

  return async (/** @type {Answer} */ { as_of }) => {
    if (record !== undefined && !isRecordOutdated(record, Date.parse(as_of))) return;
    if (performance.now() - askedAt < MIN_PAUSE_MS) return;
    askedAt = performance.now();
    record = await fetchTrackRecord() ?? record;
    if (record === undefined) return;
    const recordContext = recordContextOf(context, now());
    put("record", renderRecord(record, recordContext));
    put("record-days", renderRecordDays(record, recordContext));
  };
}
