import type { State as AnswerState } from "../summary/states.js";
import type { Direction } from "../summary/wire.ts";
import type { Verdict } from "../track_record/wire.ts";
import type { SpanName } from "./browser/history.js";
import type { Trouble } from "./view.ts";

/** The states of the page: what it answers, or why it cannot. */
export type State = AnswerState | "single-hour" | Trouble;

/** The answer in one state: a word in large letters, the rest of the sentence, and the reason. */
export interface StateWords {
  readonly word: string;
  readonly rest: string;
  /** Without it, the amounts say why. */
  readonly because?: string;
}

/** A metric that decides, where it went, and by how much. */
export interface Deciding {
  readonly metric: "price" | "sentiment";
  readonly direction: Direction;
  readonly amount: string;
}

/** The lowest, the highest and the last value of a metric, formatted. */
export interface Range {
  readonly low: string;
  readonly high: string;
  readonly last: string;
}

/** The words that only the server writes, in one language: the scripts go without them. */
export interface StaticWords {
  readonly language: string;
  readonly description: string;
  readonly languageSwitch: string;
  readonly simulated: string;
  readonly howItWorks: string;
  readonly ways: {
    readonly title: string;
    readonly read: string;
    readonly readHow: string;
    readonly json: string;
    readonly csv: string;
    readonly text: string;
    readonly docs: string;
    readonly openapi: string;
    readonly follow: string;
    readonly followHow: string;
    readonly atom: string;
    readonly badge: string;
    readonly embed: string;
    readonly embedHow: string;
    readonly embedLink: string;
  };
  readonly facts: {
    readonly title: string;
    readonly newest: string;
    readonly feed: string;
    readonly degraded: string;
    readonly rule: string;
    /** How the page is kept up to date without scripts. */
    readonly manual: string;
  };
  readonly plot: {
    readonly span: string;
    readonly spans: Readonly<Record<SpanName, string>>;
    readonly hoursCompared: string;
    readonly help: string;
    readonly needsScript: string;
    readonly figures: string;
  };
  readonly titles: {
    readonly hours: string;
    readonly chart: string;
    readonly record: string;
    readonly payoff: string;
  };
  readonly payoffChart: string;
  readonly review: {
    /** The title of the text version. */
    readonly byDay: string;
    /** Shown while there is no data. */
    readonly noRecord: string;
    /** Shown while the data can't be read. */
    readonly unreadable: string;
  };
  /** The directions at a moment as a sentence, for previews. */
  readonly inShort: (price: string, sentiment: string, moment: string) => string;
  readonly sources: (feed: string) => string;
  readonly disclaimer: string;
}

/** The words that the scripts write, too; functions order their parts as the language does. */
export interface Words {
  /** The locale of numbers and dates. */
  readonly locale: string;
  readonly question: string;
  readonly states: Readonly<Record<State, StateWords>>;
  readonly frozen: string;
  /** What the page says above what old data said. */
  readonly past: {
    readonly age: (age: string) => string;
    readonly asOf: (moment: string) => string;
  };
  readonly price: string;
  readonly sentiment: string;
  readonly directions: Readonly<Record<"price" | "sentiment", Readonly<Record<Direction, string>>>>;
  /** What decides, as a sentence. */
  readonly reason: (deciding: readonly Deciding[], lit: boolean) => string;
  /** The first and the last hour, whose averages decide, and the time zone of all times beside them. */
  readonly compared: (first: string, last: string, zone: string) => string;
  readonly lessThan: (amount: string) => string;
  readonly since: {
    /** When a spell began whose start was not seen, and for how long it has lasted. */
    readonly before: (from: string) => string;
    readonly over: (duration: string) => string;
    readonly lit: (from: string) => string;
    readonly litFor: (from: string, duration: string) => string;
    readonly lastLit: (to: string, duration: string) => string;
    readonly lastLitAgo: (age: string, duration: string) => string;
    readonly never: (from: string) => string;
    readonly titleLit: (from: string) => string;
    readonly titleLastLit: (to: string) => string;
  };
  readonly hours: {
    readonly hour: string;
    readonly price: string;
    readonly soFar: string;
    readonly change: string;
    /** The days and the time zone of the hours. */
    readonly when: (days: string, zone: string) => string;
  };
  readonly chart: {
    /** The title of its axis. */
    readonly sentiment: string;
    readonly point: (time: string, price: string, sentiment: string) => string;
    readonly empty: string;
    /** `staleSince` is the time of the newest values if they are stale. */
    readonly ranges: (price: Range, sentiment: Range, staleSince: string | undefined) => string;
  };
  readonly about: {
    readonly unknown: string;
    readonly justNow: string;
    readonly stale: string;
    /** A day, a time of the day and its time zone. */
    readonly when: (day: string, time: string, zone: string) => string;
  };
  readonly updates: {
    readonly live: string;
    readonly waiting: string;
    readonly connecting: string;
    readonly retrying: string;
  };
  readonly record: RecordWords;
  readonly payoff: PayoffWords;
  readonly use: {
    readonly copy: string;
    readonly copied: string;
    /** Shown where the browser does not let pages copy. */
    readonly notCopied: string;
  };
}

/** All words of the page in one language. */
export type PageWords = Words & StaticWords;

/** How a stake was held; amounts are formatted. */
export interface PayoffFigures {
  /** How long there have been prices. */
  readonly duration: string;
  readonly stake: string;
  readonly switches: number;
  readonly fee: string;
}

/** The words of the pay-off in one language. */
export interface PayoffWords {
  readonly none: string;
  readonly hold: string;
  readonly litOnly: string;
  readonly result: (figures: PayoffFigures) => string;
  /** What holding only while lit would have made. */
  readonly withoutFees: (amount: string) => string;
  /** How holding only while lit compares: −1 is less, perhaps only due to fees, 0 the same, 1 more. */
  readonly verdict: (sign: number, amount: string, isDueToFees: boolean) => string;
  readonly caveat: string;
  readonly point: (time: string, hold: string, litOnly: string) => string;
}

/** The words of the track record in one language; functions order their parts as the language does. */
export interface RecordWords {
  readonly lit: string;
  readonly unlit: string;
  readonly unknown: string;
  readonly today: string;
  /** What separates two sentences. */
  readonly space: string;
  readonly lastDays: (days: number) => string;
  readonly daysUpTo: (days: number, end: string) => string;
  readonly noHours: (period: string) => string;
  readonly neverLit: (period: string, known: number) => string;
  readonly litHours: (
    period: string,
    counts: { readonly lit: number; readonly known: number; readonly spells: number },
  ) => string;
  readonly noOutcome: (hours: number) => string;
  readonly afterSpells: string;
  readonly likely: string;
  readonly anyHour: string;
  readonly higherOf: (higher: number, spells: number, share: string) => string;
  /** What the shares are of. */
  readonly higherAfterSpells: string;
  readonly higherAfterAny: string;
  readonly interval: (share: string, low: string, high: string, base: string) => string;
  /** Why only some spells count. */
  readonly counted: (counted: number, spells: number, hours: number) => string;
  readonly range: (low: string, high: string) => string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  /** The verdict without a counted spell. */
  readonly nothing: string;
  readonly caveat: string;
  /** What the grid shows, for those who do not see it. */
  readonly month: (from: string, to: string, counts: { spells: number; unknown: number }) => string;
  readonly todayHours: (lit: number, known: number) => string;
  /** One day of the text version; `parts` say when it was lit or unknown. */
  readonly day: (day: string, parts: readonly string[]) => string;
  readonly litAt: (times: readonly string[]) => string;
  readonly unknownAt: (times: readonly string[]) => string;
}
