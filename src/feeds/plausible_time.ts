/** Bitcoin's first year: no sample can be older. */
const OLDEST = Date.UTC(2009, 0, 1);

const MAX_AHEAD_MS = 5 * 60_000;

/**
 * Whether a sample can have been taken at `timestamp` (Unix ms). A time far ahead would push real
 * samples out of the retention; seconds taken for milliseconds, or the reverse, fail here too.
 */
export function isPlausibleTime(timestamp: number, now: number): boolean {
  return timestamp >= OLDEST && timestamp <= now + MAX_AHEAD_MS;
}
