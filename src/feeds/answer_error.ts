import { FeedError } from "../core/errors.ts";

/** How long a source that limits requests, and does not say for how long, is not asked. */
export const RATE_LIMIT_MS = 60_000;

/** A source's own text goes to the log, so it may not be megabytes. */
const MAX_CHARACTERS = 200;

/** The error for a refusal inside of an answer with status 200; clients do not see its `text`. */
export function refused(name: string, text: string): FeedError {
  const cause = new Error(text.slice(0, MAX_CHARACTERS));
  return new FeedError("unavailable", `${name} answered with an error`, { cause });
}

/** The error for a refusal that asks for fewer requests. */
export function limited(name: string, text: string): FeedError {
  const cause = new Error(text.slice(0, MAX_CHARACTERS));
  const options = { cause, retryAfterMs: RATE_LIMIT_MS };
  return new FeedError("unavailable", `${name} limits requests now`, options);
}

/** The error for an answer that does not have the source's shape. */
export function misshapen(name: string, cause: unknown): FeedError {
  return new FeedError("invalid", `${name}'s answer has another shape`, { cause });
}
