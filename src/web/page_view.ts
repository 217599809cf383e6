import type { Answer } from "../core/summary.ts";

/** Why there is no answer; `unreachable` is known to the browser only: the service does not answer. */
export type Trouble = "no-data" | "store-unavailable" | "unreachable";

/** What the page tells: an answer, or why there is none. */
export type Content = { readonly answer: Answer } | { readonly trouble: Trouble };

/** What the page is rendered from; `now` in Unix milliseconds. */
export type PageView = Content & { readonly feed: string; readonly now: number };

/** What `GET /history` answers, as far as the chart needs it. */
export interface History {
  readonly bucket_seconds: number;
  readonly points: readonly HistoryPoint[];
}

/** The averages of one bucket; `time` is its start, ISO 8601. */
export interface HistoryPoint {
  readonly time: string;
  readonly price: number | null;
  readonly sentiment: number | null;
}
