/** How a feed failed: not reached or not 2xx, an answer that can't be read, or no answer in time. */
export type FeedFault = "unavailable" | "invalid" | "timeout";

/** A feed that gave no samples; the message is safe to show to clients. */
export class FeedError extends Error {
  override readonly name = "FeedError";

  constructor(readonly fault: FeedFault, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** A store that can't be used now; the message is safe to show, the cause is not. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** No hour has samples of both metrics yet. */
export class NoDataError extends Error {
  override readonly name = "NoDataError";
}
