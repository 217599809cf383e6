import type { Verdict } from "../core/horizon.ts";
import type { RecordFormats } from "./browser/record_format.js";

/** What the track record is rendered with; `now` in Unix milliseconds. */
export interface RecordContext {
  readonly words: RecordWords;
  readonly formats: RecordFormats;
  readonly now: number;
}

/** Where outcomes after spells stand beside those after any hour; shares are formatted. */
export interface OutcomeFigures {
  readonly hours: number;
  readonly spells: number;
  readonly higher: number;
  readonly share: string;
  readonly low: string;
  readonly high: string;
  readonly baseShare: string;
}

/** The words of the track record in one language; functions order their parts as the language does. */
export interface RecordWords {
  readonly title: string;
  readonly lit: string;
  readonly unlit: string;
  readonly unknown: string;
  readonly today: string;
  /** The title of the text version. */
  readonly byDay: string;
  /** Shown while there is no data. */
  readonly noRecord: string;
  /** Shown while the data can't be read. */
  readonly unreadable: string;
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
  readonly outcome: (figures: OutcomeFigures) => string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  /** What the strip shows, for those who do not see it. */
  readonly strip: (from: string, to: string, counts: { spells: number; unknown: number }) => string;
  readonly todayHours: (lit: number, hours: number) => string;
  /** One day of the text version; `parts` say when it was lit or unknown. */
  readonly day: (day: string, parts: readonly string[]) => string;
  readonly litAt: (times: readonly string[]) => string;
  readonly unknownAt: (times: readonly string[]) => string;
}
