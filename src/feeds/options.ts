/** Limits of one request to a source. */
export interface FetchBounds {
  /** How long the whole answer may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** How large the decoded body may be, in bytes. */
  readonly maxBytes?: number;
}

/** What all requests to sources share. */
export interface RequestOptions {
  /** The time in Unix milliseconds. */
  readonly now: () => number;
  /** @default "is-bitcoin-lit" */
  readonly userAgent?: string;
  /** Replaces each source's own limits; for tests. */
  readonly bounds?: FetchBounds;
}

/** What feeds are created with: each reads what it needs. */
export interface FeedOptions extends RequestOptions {
  readonly sentimentApiUrl: string;
  readonly krakenUrl: string;
  readonly coinbaseUrl: string;
  readonly bitstampUrl: string;
  /** Addresses of the same data, tried in order. */
  readonly okxUrls: readonly string[];
}
