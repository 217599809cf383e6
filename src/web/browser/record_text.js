// @ts-check
import { findRunsOf } from "./record_hours.js";
import { HOUR_MS } from "./time.js";

/** @import { HourState } from "../../track_record/hour_states.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { RecordContext } from "../words.ts" */
/** @import { RecordFormats } from "./record_format.js" */
/** @import { RecordHour } from "./record_hours.js" */

/** The horizon that the sentence is about. */
const HORIZON_HOURS = 24;

/** A period that ended longer ago is not called the last days. */
const RECENT_MS = 3 * HOUR_MS;

/**
 * Describes the result in sentences, with the limits of what it shows.
 *
 * @param {TrackRecord} record
 * @param {RecordContext} context
 * @returns {string}
 */
export function describeRecord(record, { words, formats, now }) {
  const { known_hours: known, lit_hours: lit, to } = record;
  const days = record.hours / 24;
  const isRecent = now - Date.parse(to) <= RECENT_MS;
  const period = isRecent
    ? words.lastDays(days)
    : words.daysUpTo(days, formats.moment(Date.parse(to)));
  if (known === 0) return words.noHours(period);
  if (lit === 0) return words.neverLit(period, known);
  const counts = words.litHours(period, { lit, known, spells: record.spells.length });
  return [counts, ...describeOutcome(record, { words, formats })].join(words.space);
}

/**
 * Describes what the strip shows, for those who do not see it.
 *
 * @param {TrackRecord} record
 * @param {readonly RecordHour[]} hours
 * @param {Pick<RecordContext, "words" | "formats">} context
 * @returns {string}
 */
export function describeStrip({ from, to, ...record }, hours, { words, formats }) {
  const counts = { spells: record.spells.length, unknown: record.hours - record.known_hours };
  const strip = words.strip(
    formats.moment(Date.parse(from)),
    formats.moment(Date.parse(to)),
    counts,
  );
  const today = hours.filter(({ isToday }) => isToday);
  if (today.length === 0) return strip;
  const litToday = today.filter(({ state }) => state === "lit").length;
  return strip + words.space + words.todayHours(litToday, today.length);
}

/**
 * Describes each day of the reader, newest first.
 *
 * @param {readonly RecordHour[]} hours
 * @param {Pick<RecordContext, "words" | "formats">} context
 * @returns {string[]}
 */
export function describeDays(hours, { words, formats }) {
  const byDay = Map.groupBy(hours, ({ day }) => day);
  return [...byDay].reverse().map(([day, ofDay]) => {
    const lit = describeTimes(ofDay, "lit", formats);
    const unknown = describeTimes(ofDay, "unknown", formats);
    const parts = [
      lit.length > 0 && words.litAt(lit),
      unknown.length > 0 && words.unknownAt(unknown),
    ];
    return words.day(day, parts.filter((part) => part !== false));
  });
}

/**
 * @param {TrackRecord} record
 * @param {Pick<RecordContext, "words" | "formats">} context
 * @returns {string[]} sentences
 */
function describeOutcome({ horizons }, { words, formats }) {
  const horizon = horizons.find(({ hours }) => hours === HORIZON_HOURS);
  const { share, low, high, base } = horizon ?? {};
  if (
    horizon === undefined || share == null || low == null || high == null || base?.share == null
  ) {
    return [words.noOutcome(HORIZON_HOURS)];
  }
  const figures = {
    hours: horizon.hours,
    spells: horizon.spells,
    higher: horizon.higher,
    share: formats.share(share),
    low: formats.share(low),
    high: formats.share(high),
    baseShare: formats.share(base.share),
  };
  return [words.outcome(figures), words.verdicts[horizon.verdict]];
}

/**
 * Describes when hours were in a state, such as `05:00–08:00`.
 *
 * @param {readonly RecordHour[]} hours of one day
 * @param {HourState} state
 * @param {RecordFormats} formats
 */
function describeTimes(hours, state, { time }) {
  return findRunsOf(hours.map((hour) => hour.state), state).map(({ from, to }) => {
    const [first, last] = [hours[from], hours[to - 1]];
    if (first === undefined || last === undefined) return "";
    const end = time(last.time + HOUR_MS);
    return `${time(first.time)}–${end === "00:00" ? "24:00" : end}`;
  });
}
