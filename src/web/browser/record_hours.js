// @ts-check
import { HOUR_MS } from "./time.js";

/** @import { RecordContext } from "../words.ts" */
/** @import { HourState } from "../../track_record/hour_states.ts" */
/** @import { Span, TrackRecord } from "../../track_record/wire.ts" */

/** An hour of today lies this close to now; the same day of another year does not. */
const NEAR_MS = 48 * HOUR_MS;

/**
 * @typedef {object} RecordHour
 * @property {HourState} state
 * @property {number} time its start in Unix milliseconds
 * @property {string} day the reader's day that it starts in
 * @property {boolean} isToday
 */

/**
 * @typedef {object} Run consecutive hours with the same value, as indexes; `to` is exclusive
 * @property {number} from
 * @property {number} to
 */

/**
 * Lists the hours of the period, oldest first.
 *
 * @param {TrackRecord} record
 * @param {Pick<RecordContext, "formats" | "now">} context
 * @returns {RecordHour[]}
 */
export function listHours(record, { formats, now }) {
  const start = Date.parse(record.from);
  const today = formats.day(now);
  return listStates(record).map((state, i) => {
    const time = start + i * HOUR_MS;
    const day = formats.day(time);
    return { state, time, day, isToday: day === today && Math.abs(now - time) < NEAR_MS };
  });
}

/**
 * @param {TrackRecord} record
 * @returns {HourState[]}
 */
function listStates(record) {
  /** @type {HourState[]} */
  const states = Array(record.hours).fill("unlit");
  const start = Date.parse(record.from);
  /** @param {Span} span @param {HourState} state */
  function mark({ from, to }, state) {
    states.fill(state, (Date.parse(from) - start) / HOUR_MS, (Date.parse(to) - start) / HOUR_MS);
  }
  for (const span of record.spells) mark(span, "lit");
  for (const span of record.unknown) mark(span, "unknown");
  return states;
}

/**
 * Finds the runs of a value.
 *
 * @template T
 * @param {readonly T[]} values
 * @param {T} value
 * @returns {Run[]}
 */
export function findRunsOf(values, value) {
  /** @type {Run[]} */
  const runs = [];
  for (let from = values.indexOf(value); from !== -1;) {
    let to = from + 1;
    while (to < values.length && values[to] === value) to++;
    runs.push({ from, to });
    from = values.indexOf(value, to);
  }
  return runs;
}
