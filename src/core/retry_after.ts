/**
 * Parses a `Retry-After` header: seconds or an HTTP date (RFC 9110, section 10.2.3).
 *
 * @param now the current time in Unix milliseconds
 * @param maxMs the longest accepted pause: a wrong header must not stop the service
 * @returns the pause in milliseconds, or nothing if the header is missing or unreadable
 */
export function parseRetryAfter(
  value: string | null,
  now: number,
  maxMs: number,
): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxMs);
}
