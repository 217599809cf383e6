import type { FeedDescription } from "./feed.ts";
import type { Language } from "./language.ts";
import type { Answer } from "./summary.ts";
import type { TrackRecord } from "./track_record.ts";

/** Why there is no answer. Only the browser knows `unreachable`: the service does not respond. */
export type Trouble = "no-data" | "store-unavailable" | "unreachable";

/** An answer with its revision, if that is known. */
export interface AnswerContent {
  readonly answer: Answer;
  readonly revision?: number;
}

/** The reason why there is no answer. */
export interface TroubleContent {
  readonly trouble: Trouble;
}

/** What the page shows: an answer, or why there is none. */
export type Content = AnswerContent | TroubleContent;

/** What the page and the embedded answer are rendered from. */
export type PageView = Content & {
  readonly feed: string;
  readonly description: FeedDescription;
  /** The service's time in Unix milliseconds. */
  readonly now: number;
  readonly language: Language;
  /** The base of absolute URLs; without it, links are relative and previews have no picture. */
  readonly publicUrl?: string | undefined;
  /** Whether the feed's address serves data that its makers no longer update. */
  readonly frozenFeed?: boolean | undefined;
  /** What the price did after spells; without it, the browser asks for it. */
  readonly record?: TrackRecord | undefined;
};
