/** How a feed failed: not reached or not 2xx, an answer that can't be read, or no answer in time. */
export type FeedFault = "unavailable" | "invalid" | "timeout";

/** What more there is to say of a {@linkcode FeedError}. */
export interface FeedErrorOptions extends ErrorOptions {
  /** For how long the feed is to be left alone, in milliseconds, where it or its limits say so. */
  retryAfterMs?: number | undefined;
}

/** A feed that gave no samples; the message is safe to show to clients, the cause is not. */
export class FeedError extends Error {
  override readonly name = "FeedError";
  readonly retryAfterMs: number | undefined;

  constructor(readonly fault: FeedFault, message: string, options: FeedErrorOptions = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A store that can't be used now; the message is safe to show, the cause is not. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** Too much is asked at once, or another instance is already doing it; ask again a little later. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/** No hour has samples of both metrics yet. */
export class NoDataError extends Error {
  override readonly name = "NoDataError";
}
