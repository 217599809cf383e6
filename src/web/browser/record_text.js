// @ts-check
import { HOUR_MS } from "./format.js";

/** @import { HourState } from "../../track_record/hour_states.ts" */
/** @import { Span, TrackRecord } from "../../track_record/wire.ts" */
/** @import { RenderContext } from "../view.ts" */
/** @import { RecordWords } from "../words.ts" */
/** @import { Formats } from "./format.js" */

/** The horizon that the sentence is about. */
const HORIZON_HOURS = 24;

/** A period that ended longer ago is not called the last days; nor is one without a clock. */
const RECENT_MS = 3 * HOUR_MS;

/** After one that ended up to this long ago, the hours since then are shown as unknown. */
const MAX_MISSING_MS = 24 * HOUR_MS;

/**
 * @typedef {object} RecordHour
 * @property {HourState} state
 * @property {number} time its start in Unix milliseconds
 * @property {string} day the reader's day that it starts in
 * @property {number} hour of the reader's clock, 0 to 23
 * @property {boolean} isToday
 */

/**
 * @typedef {object} Run consecutive hours with the same value, as indexes; `to` is exclusive
 * @property {number} from
 * @property {number} to
 */

/**
 * Lists the hours of the period, oldest first, and those since its end that should be known by now.
 *
 * @param {TrackRecord} record
 * @param {Pick<RenderContext, "formats" | "now">} context
 * @returns {RecordHour[]}
 */
export function listHours(record, { formats, now }) {
  const start = Date.parse(record.from);
  const today = now === undefined ? undefined : formats.date(now);
  const states = [...listStates(record), ...listMissing(record, now)];
  return states.map((state, i) => {
    const time = start + i * HOUR_MS;
    const day = formats.dayOfYear(time);
    const hour = Number(formats.time(time).slice(0, 2));
    return { state, time, day, hour, isToday: formats.date(time) === today };
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
 * @param {TrackRecord} record
 * @param {number | undefined} now
 * @returns {HourState[]}
 */
function listMissing({ to }, now) {
  const missingMs = now === undefined ? 0 : now - Date.parse(to);
  const isMissing = missingMs > RECENT_MS && missingMs <= MAX_MISSING_MS;
  return Array(isMissing ? Math.floor(missingMs / HOUR_MS) : 0).fill("unknown");
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

/**
 * Answers whether the signal predicted anything, in one line.
 *
 * @param {TrackRecord} record
 * @param {Pick<RenderContext, "words">} context
 * @returns {string}
 */
export function describeVerdict(record, { words: { record: words } }) {
  const outcome = findOutcome(record);
  return outcome === undefined ? words.nothing : words.verdicts[outcome.verdict];
}

/**
 * Describes how the result is made, with the limits of what it shows.
 *
 * @param {TrackRecord} record
 * @param {RenderContext} context
 * @returns {string}
 */
export function describeRecord(record, { words: { record: words }, formats, now }) {
  const { known_hours: known, lit_hours: lit, to } = record;
  const days = record.hours / 24;
  const isRecent = now !== undefined && now - Date.parse(to) <= RECENT_MS;
  const period = isRecent
    ? words.lastDays(days)
    : words.daysUpTo(days, formats.moment(Date.parse(to)));
  if (known === 0) return words.noHours(period);
  if (lit === 0) return words.neverLit(period, known);
  const counts = words.litHours(period, { lit, known, spells: record.spells.length });
  return [counts, ...describeOutcome(record, words, formats)].join(words.space);
}

/**
 * Describes what the grid shows, for those who do not see it.
 *
 * @param {TrackRecord} record
 * @param {readonly RecordHour[]} hours
 * @param {Pick<RenderContext, "words" | "formats">} context
 * @returns {string}
 */
export function describeMonth({ from, spells }, hours, { words: { record: words }, formats }) {
  const start = Date.parse(from);
  const month = words.month(
    formats.moment(start),
    formats.moment(start + hours.length * HOUR_MS),
    { spells: spells.length, unknown: hours.filter(({ state }) => state === "unknown").length },
  );
  const today = hours.filter(({ isToday, state }) => isToday && state !== "unknown");
  if (today.length === 0) return month;
  const litToday = today.filter(({ state }) => state === "lit").length;
  return month + words.space + words.todayHours(litToday, today.length);
}

/**
 * Describes each day of the reader, newest first.
 *
 * @param {readonly RecordHour[]} hours
 * @param {Pick<RenderContext, "words" | "formats">} context
 * @returns {string[]}
 */
export function describeDays(hours, { words: { record: words }, formats }) {
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
 * Describes the outcome in figures; positions are in percent.
 *
 * @param {TrackRecord} record
 * @param {Pick<RenderContext, "words" | "formats">} context
 * @returns nothing unless a spell is counted
 */
export function describeFigures(record, { words: { record: words }, formats }) {
  const outcome = findOutcome(record);
  if (outcome === undefined) return undefined;
  const { spells, higher, share, low, high, baseShare } = outcome;
  const [shareText, baseText] = [formats.share(share), formats.share(baseShare)];
  return {
    spells: words.higherOf(higher, spells, shareText),
    base: baseText,
    interval: words.interval(shareText, formats.share(low), formats.share(high), baseText),
    share: toPercent(share),
    low: toPercent(low),
    high: toPercent(high),
    baseShare: toPercent(baseShare),
  };
}

/** @param {number} share */
function toPercent(share) {
  return Math.round(share * 1_000) / 10;
}

/** @param {TrackRecord} record */
function findOutcome({ horizons }) {
  const horizon = horizons.find(({ hours }) => hours === HORIZON_HOURS);
  if (horizon === undefined) return undefined;
  const { spells, higher, share, low, high, base: { share: baseShare }, verdict } = horizon;
  if (share === null || low === null || high === null || baseShare === null) return undefined;
  return { spells, higher, share, low, high, baseShare, verdict };
}

/**
 * @param {TrackRecord} record
 * @param {RecordWords} words
 * @param {Formats} formats
 * @returns {string[]} sentences
 */
function describeOutcome(record, words, formats) {
  const outcome = findOutcome(record);
  if (outcome === undefined) return [words.noOutcome(HORIZON_HOURS)];
  const { spells, low, high, verdict } = outcome;
  return [
    words.counted(spells, record.spells.length, HORIZON_HOURS),
    words.range(formats.share(low), formats.share(high)),
    ...verdict === "no-evidence" ? [] : [words.caveat],
  ];
}

/**
 * Describes when hours were in a state, such as `05:00–08:00`.
 *
 * @param {readonly RecordHour[]} hours of one day
 * @param {HourState} state
 * @param {Formats} formats
 */
function describeTimes(hours, state, { time }) {
  return findRunsOf(hours.map((hour) => hour.state), state).map(({ from, to }) => {
    const [first, last] = [hours[from], hours[to - 1]];
    if (first === undefined || last === undefined) return "";
    const end = time(last.time + HOUR_MS);
    return `${time(first.time)}–${end === "00:00" ? "24:00" : end}`;
  });
}
