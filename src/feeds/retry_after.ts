import { MAX_PAUSE_MS } from "./pauses.ts";

const SECONDS = /^\d+(\.\d+)?$/;

// The three forms of RFC 9110, section 5.6.7. `Date.parse` alone reads "45.2" as a day in 2045.
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]+day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
];

/**
 * Parses a `Retry-After` header: seconds, rounded up if they have a fraction, or an HTTP date (RFC 9110,
 * section 10.2.3).
 *
 * @param now the current time in Unix milliseconds
 * @returns the pause in milliseconds, an hour at most: a wrong header must not stop the service.
 * `undefined` if the header is missing or anything else
 */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const until = SECONDS.test(value) ? now + Math.ceil(Number(value)) * 1_000 : parseHttpDate(value);
  return until === undefined ? undefined : Math.min(Math.max(until - now, 0), MAX_PAUSE_MS);
}

/** Parses an HTTP date to Unix milliseconds; `undefined` for anything else. */
export function parseHttpDate(text: string): number | undefined {
  if (!HTTP_DATES.some((form) => form.test(text))) return undefined;
  // The oldest form has no zone, and means GMT.
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
