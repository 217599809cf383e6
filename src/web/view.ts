import type { FeedDescription, Language } from "../feeds/feed.ts";
import type { Answer } from "../summary/wire.ts";
import type { TrackRecord } from "../track_record/wire.ts";
import type { Assets } from "../http/assets.ts";
import { createFormats, type Formats } from "./browser/format.js";
import { staticWords as staticEn, words as en } from "./browser/words.en.js";
import { staticWords as staticZhCn, words as zhCn } from "./browser/words.zh-CN.js";
import type { PageWords, Words } from "./words.ts";

/** Why there is no answer. Only the browser knows `unreachable`: the service does not respond. */
export type Trouble = "no-data" | "store-unavailable" | "unreachable";

/** An answer with its revision, if that is known. */
export interface AnswerContent {
  readonly answer: Answer;
  readonly revision?: number;
}

/** What the page shows: an answer, or why there is none. */
export type Content = AnswerContent | { readonly trouble: Trouble };

/**
 * What the page and the embedded answer are rendered from. No clock is in it: pages come out of caches
 * and out of the browser's history.
 */
export type PageView = Content & {
  readonly assets: Assets;
  readonly feed: string;
  readonly description: FeedDescription;
  readonly language: Language;
  /** The base of absolute URLs; without it, links are relative and previews have no picture. */
  readonly publicUrl?: string | undefined;
  /** Whether the feed's address serves data that its makers no longer update. */
  readonly frozenFeed?: boolean | undefined;
  /** Whether recent data rests on fewer sources than it should, or on another one. */
  readonly degraded?: boolean | undefined;
  /** How far back the history goes; by default as far as any chart. */
  readonly maxHours?: number;
  /** What the price did after spells; without it, the page says why. */
  readonly record?: TrackRecord | undefined;
};

/** What every part of the page is rendered with, beside its content. */
export interface RenderContext {
  readonly words: Words;
  readonly formats: Formats;
  /** Whether the feed's address serves data that its makers no longer update. */
  readonly frozenFeed: boolean;
  /** The service's time in Unix milliseconds; only a browser that has asked for it knows it. */
  readonly now?: number | undefined;
}

/** What the server renders a page with. */
export interface PageContext extends RenderContext {
  readonly words: PageWords;
}

/** The words of the page in each language. */
export const WORDS: Readonly<Record<Language, PageWords>> = {
  "en": { ...en, ...staticEn },
  "zh-CN": { ...zhCn, ...staticZhCn },
};

/** The server does not know the reader's time zone; the browser shows the reader's own. */
const TIME_ZONE = "UTC";

// To create the formats takes longer than to render the page.
const FORMATS = {
  "en": createFormats(en.locale, TIME_ZONE),
  "zh-CN": createFormats(zhCn.locale, TIME_ZONE),
};

/** Returns what the page of a view is rendered with. */
export function createContext({ language, frozenFeed = false }: PageView): PageContext {
  return { words: WORDS[language], formats: FORMATS[language], frozenFeed };
}
