/** Others may have written an error's text, so log and problems show no more of it. */
const MAX_CHARACTERS = 500;

/** Shortens an error's text to at most 500 characters. */
export function shorten(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`;
}

/** How a feed failed: not reached or not 2xx, an answer that cannot be read, or no answer in time. */
export type FeedFault = "unavailable" | "invalid" | "timeout";

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

/** The store cannot be used now. The message is safe to show to clients, the cause is not. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** Too many requests at once, or another instance is already doing the work; retry a little later. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/** No hour has samples of both metrics yet. */
export class NoDataError extends Error {
  override readonly name = "NoDataError";
}
