import { shorten } from "../log.ts";

/** How long a source that limits requests, and does not say for how long, is not asked. */
export const RATE_LIMIT_MS = 60_000;

const MAX_DEPTH = 3;

const MAX_PARTS = 5;

/** How a feed fails: not reached or not 2xx, an answer that cannot be read, or no answer in time. */
export const FEED_FAULTS = ["unavailable", "invalid", "timeout"] as const;

/** One of {@linkcode FEED_FAULTS}. */
export type FeedFault = (typeof FEED_FAULTS)[number];

/** Further properties of a {@linkcode FeedError}. */
export interface FeedErrorOptions extends ErrorOptions {
  /** How long not to ask the feed again, in milliseconds; absent if neither it nor its limits say so. */
  retryAfterMs?: number | undefined;
}

/** A feed returned no samples. The message is safe to show to clients, the cause is not. */
export class FeedError extends Error {
  override readonly name = "FeedError";
  readonly retryAfterMs: number | undefined;

  constructor(readonly fault: FeedFault, message: string, options: FeedErrorOptions = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** An address that can't be reached or answers 5xx: another address of the same data may work. */
export class AddressError extends FeedError {}

/** The error for a refusal inside of an answer with status 200; clients do not see what it `said`. */
export function refused(name: string, said: unknown): FeedError {
  const cause = new Error(quote(said));
  return new FeedError("unavailable", `${name} answered with an error`, { cause });
}

/** The error for a refusal that asks for fewer requests. */
export function limited(name: string, said: unknown): FeedError {
  const cause = new Error(quote(said));
  const options = { cause, retryAfterMs: RATE_LIMIT_MS };
  return new FeedError("unavailable", `${name} limits requests now`, options);
}

/** The error for an answer that does not have the source's shape. */
export function misshapen(name: string, cause: unknown): FeedError {
  return new FeedError("invalid", `${name}'s answer has another shape`, { cause });
}

/** Quotes what a source said: it may be megabytes, or too deep for `JSON.stringify`. */
function quote(said: unknown): string {
  return shorten(typeof said === "string" ? said : JSON.stringify(cut(said, MAX_DEPTH)));
}

/** Cuts a JSON value down to its first parts. */
function cut(value: unknown, depth: number): unknown {
  if (typeof value === "string") return shorten(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  const parts = Object.entries(value).slice(0, MAX_PARTS);
  const short = parts.map(([key, part]) => [shorten(key), cut(part, depth - 1)] as const);
  return Array.isArray(value) ? short.map(([, part]) => part) : Object.fromEntries(short);
}
