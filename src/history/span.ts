import { invalidParameter } from "../http/query.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../samples/bucket.ts";
import { countBuckets, DEFAULT_BUCKETS_MS, type HistorySpan, MAX_POINTS } from "./history.ts";

const DEFAULT_HOURS = "24";

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", MINUTE_MS],
  ["h", HOUR_MS],
  ["d", DAY_MS],
]);

// RFC 3339. In a query, a bare + arrives as a space.
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+ -](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The parameters of `GET /history`, as they are sent. */
export type HistoryQuery = { hours?: string; from?: string; to?: string; bucket?: string };

/**
 * Parses the parameters of a history.
 *
 * @throws {ProblemError} that names the parameter, what it must be and what it is
 */
export function parseSpan(query: HistoryQuery, retentionMs: number): HistorySpan {
  const { hours = DEFAULT_HOURS, from: fromText, to: toText } = query;
  if (fromText === undefined) {
    if (toText !== undefined) throw invalidParameter("to", "come with from", toText);
    return parseHours(hours, query.bucket, maxHoursOf(retentionMs));
  }
  if (query.hours !== undefined) {
    throw invalidParameter("hours", "be absent together with from", query.hours);
  }
  const from = parseMoment("from", fromText);
  const bucketMs = query.bucket === undefined ? undefined : parseBucket(query.bucket);
  if (toText === undefined) return { from: since1970(from), bucketMs };
  const to = parseMoment("to", toText);
  if (to <= from) throw invalidParameter("to", "be later than from", toText);
  const span = { from: since1970(from), to: since1970(to) };
  return { ...span, bucketMs: chooseBucket(span, bucketMs) };
}

/** Redis refuses times before 1970; no sample is as old. */
function since1970(time: number): number {
  return Math.max(0, time);
}

/** The most hours that a history can go back. */
export function maxHoursOf(retentionMs: number): number {
  return Math.floor(retentionMs / HOUR_MS);
}

/**
 * Returns the bucket for a span, in milliseconds: the given one, else the first default with at most
 * 2,000 points.
 *
 * @throws {ProblemError} when the given one, or every default, gives more
 */
export function chooseBucket(
  span: { readonly from: number; readonly to: number },
  given: number | undefined,
): number {
  const isEnough = (bucketMs: number) => countBuckets(span, bucketMs) <= MAX_POINTS;
  const chosen = given ?? DEFAULT_BUCKETS_MS.find(isEnough);
  if (chosen !== undefined && isEnough(chosen)) return chosen;
  let seconds = Math.ceil((span.to - span.from) / MAX_POINTS / 1_000);
  while (!isEnough(seconds * 1_000)) seconds++;
  const value = given === undefined ? "" : `${given / 1_000}s`;
  throw invalidParameter("bucket", `be at least ${seconds}s for this span`, value);
}

function parseHours(hoursText: string, bucket: string | undefined, maxHours: number): HistorySpan {
  const hours = /^\d{1,6}$/.test(hoursText) ? Number(hoursText) : NaN;
  if (!(hours >= 1 && hours <= maxHours)) {
    throw invalidParameter("hours", `be an integer from 1 to ${maxHours}`, hoursText);
  }
  const lengthMs = hours * HOUR_MS;
  if (bucket === undefined) {
    return { hours, bucketMs: chooseBucket({ from: 0, to: lengthMs }, undefined) };
  }
  const bucketMs = parseBucket(bucket);
  const minMs = lengthMs / MAX_POINTS;
  if (bucketMs >= minMs && bucketMs <= lengthMs) return { hours, bucketMs };
  const bounds = `from ${Math.ceil(minMs / 1_000)}s to ${hours}h for ${hours} hours`;
  throw invalidParameter("bucket", `be a duration such as 30s, 5m or 1h, ${bounds}`, bucket);
}

function parseBucket(text: string): number {
  const [, count, unit = ""] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const bucketMs = Number(count) * (UNITS_MS.get(unit) ?? NaN);
  if (bucketMs > 0) return bucketMs;
  throw invalidParameter("bucket", "be a duration such as 30s, 5m or 1h", text);
}

/** Parses RFC 3339 or Unix seconds; returns Unix milliseconds. */
function parseMoment(name: string, text: string): number {
  if (/^\d{1,11}$/.test(text)) return Number(text) * 1_000;
  if (/^\d+$/.test(text)) {
    throw invalidParameter(name, "be Unix time in seconds, at most 11 digits", text);
  }
  const [dateTime = "", date = ""] = DATE_TIME.exec(text) ?? [];
  const time = Date.parse(dateTime.toUpperCase().replace(" ", "+"));
  const day = Date.parse(date);
  // A day that the month does not have is read as one of the next month.
  if (!Number.isNaN(time) && new Date(day).toISOString().startsWith(date)) return time;
  const example = "such as 2026-01-31T12:00:00Z";
  throw invalidParameter(name, `be an RFC 3339 time ${example}, or Unix time in seconds`, text);
}
