import { shorten } from "../log.ts";

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
  /** Whether asking again within seconds would get the same answer. @default false */
  isFinal?: boolean;
}

/** A feed returned no samples. The message is safe to show to clients, the cause is not. */
export class FeedError extends Error {
  override readonly name = "FeedError";
  readonly retryAfterMs: number | undefined;
  readonly isFinal: boolean;

  constructor(readonly fault: FeedFault, message: string, options: FeedErrorOptions = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.isFinal = options.isFinal ?? false;
  }

  /** Whether the source may be asked again at once. */
  get isRetriable(): boolean {
    return !this.isFinal && this.retryAfterMs === undefined;
  }
}

/** A failure of one address, which another address of the same data need not share. */
export class AddressError extends FeedError {}

/** A source asks for fewer requests: wherever they go, they count against the same limit. */
export class RateLimitError extends FeedError {}

/** The error for an answer that does not have the source's shape. */
export function misshapen(name: string, cause: unknown): FeedError {
  return new FeedError("invalid", `${name}'s answer has another shape`, { cause });
}

/** Quotes what a source said: it may be megabytes, or too deep for `JSON.stringify`. */
export function quote(said: unknown): string {
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
