// A source that asks for more is asked again all the same: it may have meant something else.
const MAX_MS = 3_600_000;

/**
 * How long a `Retry-After` asks to wait from `now` (Unix ms) on, in milliseconds, at most an hour:
 * seconds or an HTTP date (RFC 9110, section 10.2.3). Nothing where there is none to be read.
 */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_MS);
}
