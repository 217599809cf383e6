// @ts-check
import { HOUR_MS } from "./format.js";

/** @import { Answer } from "../../summary/wire.ts" */
/** @import { Span, TrackRecord } from "../../track_record/wire.ts" */
/** @import { Content, RenderContext } from "../view.ts" */

const CENT = 0.01;
const MILLI = 0.001;

/** @typedef {Pick<TrackRecord, "from" | "to" | "spells" | "unknown" | "known_hours">} RecordEnd the last spans are enough */

/**
 * Since when Bitcoin is lit, or when it was last lit.
 *
 * @typedef {{ readonly kind: "lit", readonly from: string, readonly isSeen: boolean }
 *   | { readonly kind: "last-lit", readonly spell: Span }
 *   | { readonly kind: "never-lit", readonly from: string }} Since
 */

/**
 * Finds since when the answer holds: from the record's open spell if it reaches the last completed hour,
 * else from the running hour.
 *
 * @param {Content} content
 * @param {RecordEnd | undefined} record
 * @returns {Since | undefined} nothing without an answer that says yes or no, or without a record
 */
function findSince(content, record) {
  const compared = findCompared(content);
  if (compared === undefined) return undefined;
  const { answer: { lit }, last: { time: running } } = compared;
  const spell = record?.spells.at(-1);
  if (lit) {
    if (!isOpen(spell, record, running)) return { kind: "lit", from: running, isSeen: true };
    // An open spell has only known hours after it, so only the last unknown ones can border on it.
    const isSeen = spell.from !== record?.from && spell.from !== record?.unknown.at(-1)?.to;
    return { kind: "lit", from: spell.from, isSeen };
  }
  // While the record waits for the last hour, that hour may be lit, too.
  if (isOpen(spell, record, running) && spell.to !== running) return undefined;
  if (spell !== undefined) return { kind: "last-lit", spell };
  if (record === undefined || record.known_hours === 0) return undefined;
  return { kind: "never-lit", from: record.from };
}

/**
 * A record waits some minutes for an hour's sentiment to settle: until then it ends an hour earlier.
 *
 * @param {Span | undefined} spell
 * @param {RecordEnd | undefined} record
 * @param {string} running
 * @returns {spell is Span}
 */
function isOpen(spell, record, running) {
  return spell !== undefined && spell.to === record?.to &&
    Date.parse(running) - Date.parse(spell.to) <= HOUR_MS;
}

/**
 * Describes since when the answer holds; with a clock, for how long.
 *
 * @param {Content} content
 * @param {RecordEnd | undefined} record
 * @param {RenderContext} context
 * @returns {string | undefined}
 */
export function describeSince(content, record, context) {
  const since = findSince(content, record);
  const { words: { since: words }, formats, now } = context;
  if (since === undefined) return undefined;
  if (since.kind === "never-lit") return words.never(formats.moment(since.from));
  if (since.kind === "lit") {
    const from = describeStart(since, context);
    if (now === undefined) return words.lit(from);
    const duration = formats.duration(now - Date.parse(since.from));
    return words.litFor(from, since.isSeen ? duration : words.over(duration));
  }
  const [from, to] = [Date.parse(since.spell.from), Date.parse(since.spell.to)];
  const duration = formats.duration(to - from);
  if (now === undefined) return words.lastLit(formatMoment(to, context), duration);
  return words.lastLitAgo(formats.age(Math.max(60, (now - to) / 1_000)), duration);
}

/**
 * Says how old the newest data is.
 *
 * @param {Pick<Answer, "as_of">} answer
 * @param {RenderContext} context
 * @returns {string | undefined} nothing without a clock
 */
export function describeDataAge({ as_of }, { words, formats, now }) {
  if (now === undefined) return undefined;
  return words.past.age(formats.age(Math.max(60, (now - Date.parse(as_of)) / 1_000)));
}

/**
 * Returns the answer's word with a time, for the title.
 *
 * @param {Content} content
 * @param {RecordEnd | undefined} record
 * @param {RenderContext} context
 * @returns {string | undefined}
 */
export function titleSince(content, record, context) {
  const since = findSince(content, record);
  const { words: { since: words } } = context;
  if (since === undefined || since.kind === "never-lit") return undefined;
  return since.kind === "lit"
    ? words.titleLit(describeStart(since, context))
    : words.titleLastLit(formatMoment(since.spell.to, context));
}

/**
 * @param {{ readonly from: string, readonly isSeen: boolean }} since
 * @param {RenderContext} context
 */
function describeStart({ from, isSeen }, context) {
  const moment = formatMoment(from, context);
  return isSeen ? moment : context.words.since.before(moment);
}

/**
 * Formats a time: today's without its day, and with its zone only where the reader's is not known.
 *
 * @param {string | number} time
 * @param {RenderContext} context
 */
export function formatMoment(time, { formats, now }) {
  const at = new Date(time).getTime();
  if (now === undefined) return formats.moment(at);
  return formats.date(at) === formats.date(now) ? formats.time(at) : formats.dayTime(at);
}

/**
 * Describes what decides, with the amounts that the table shows.
 *
 * @param {Content} content
 * @param {RenderContext} context
 * @returns {string | undefined} nothing unless hours are compared
 */
export function describeReason(content, { words, formats }) {
  const compared = findCompared(content);
  if (compared === undefined) return undefined;
  const { answer, first, last } = compared;
  const metrics = [
    {
      metric: /** @type {const} */ ("price"),
      direction: answer.price_direction,
      amount: describeAmount(formats.priceAmount, [first.price, last.price], CENT),
    },
    {
      metric: /** @type {const} */ ("sentiment"),
      direction: answer.sentiment_direction,
      amount: describeAmount(formats.sentimentAmount, [first.sentiment, last.sentiment], MILLI),
    },
  ];
  const deciding = metrics.filter(({ direction }) => answer.lit || direction !== "rising");
  if (deciding.length === 0) return undefined;
  return words.reason(deciding, answer.lit);

  /**
   * @param {(first: number, last: number) => string} format
   * @param {[first: number, last: number]} values
   * @param {number} least that the format shows
   */
  function describeAmount(format, values, least) {
    const amount = format(...values);
    return amount === format(0, 0) ? words.lessThan(format(0, least)) : amount;
  }
}

/**
 * Names the hours whose averages decide, and the time zone.
 *
 * @param {Content} content
 * @param {RenderContext} context
 * @returns {string | undefined} nothing unless hours are compared
 */
export function describeCompared(content, { words, formats }) {
  const compared = findCompared(content);
  if (compared === undefined) return undefined;
  const [first, last] = [compared.first.time, compared.last.time];
  return words.compared(formats.time(first), formats.time(last), formats.zone(last));
}

/**
 * Finds the hours that the answer rests on, if it says yes or no.
 *
 * @param {Content} content
 */
function findCompared(content) {
  if ("trouble" in content || content.answer.stale) return undefined;
  const { answer } = content;
  const hours = answer.hourly_average_of_averages;
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined || hours.length < 2) return undefined;
  return { answer, first, last };
}
