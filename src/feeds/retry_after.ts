import { parseRetryAfter as parse } from "../core/retry_after.ts";

const MAX_PAUSE_MS = 3_600_000;

/** Parses a source's `Retry-After` at `now` (Unix ms) to a pause in milliseconds, at most an hour. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  return parse(value, now, MAX_PAUSE_MS);
}
