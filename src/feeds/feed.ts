import type { Metric, Sample } from "../samples/sample.ts";
import type { Pauses } from "./pauses.ts";

/** One origin of samples: an exchange or an API. */
export interface Source {
  /** Labels the source in metrics, reports and `/readyz`. */
  readonly name: string;
  /** The metrics that its samples belong to. */
  readonly metrics: readonly Metric[];
  /**
   * Fetches all samples the source offers now, in no promised order.
   *
   * @throws {FeedError} when the source returns none
   */
  fetchSamples(signal: AbortSignal): Promise<SourceAnswer>;
}

/** The valid samples of one answer, and how many were not valid. */
export interface SourceAnswer {
  readonly samples: readonly Sample[];
  readonly rejected: number;
}

/** The samples to store from one refresh; `rejected` counts those that must not be stored. */
export interface Batch extends SourceAnswer {
  /** Whether a recent price has a single source, or recent sentiment is spliced. @default false */
  readonly degraded?: boolean;
}

/** The languages of the page, the default first, as BCP 47 tags. */
export const LANGUAGES = ["en", "zh-CN"] as const;

/** A language of the page. */
export type Language = typeof LANGUAGES[number];

/** A text in every language of the page. */
export type Translations = Readonly<Record<Language, string>>;

/** What people read about a feed. */
export interface FeedDescription {
  /** The feed's display name. */
  readonly title: Translations;
  /** What its sentiment means, in one or two sentences. */
  readonly sentiment: Translations;
  /** Where its price comes from. */
  readonly price: Translations;
}

/** What answers are combined with. */
export interface CombineOptions {
  /** The wall clock in Unix milliseconds: prices are waited for, and compared, by their age. */
  readonly now: number;
  /**
   * The stored price that is nearest to what is asked for, the newest or the oldest; and the sentiment that
   * a {@linkcode Reserve} needs.
   */
  readonly stored: readonly Sample[];
}

/** Sources that are asked in parallel, and how their answers become one batch. */
export interface SampleSupply {
  readonly sources: readonly Source[];
  /** Combines the answers, by source name; a source that failed is missing. Never throws. */
  combine(answers: ReadonlyMap<string, SourceAnswer>, options: CombineOptions): Batch;
}

/** A source that is asked only when another lacks samples. */
export interface Reserve {
  readonly source: Source;
  /** The metric whose stored samples it needs, and how old they may be, in milliseconds. */
  readonly metric: Metric;
  readonly storedMs: number;
  /** Whether samples are due that neither the answers nor the stored ones have. */
  isDue(answers: ReadonlyMap<string, SourceAnswer>, options: CombineOptions): boolean;
}

/** A supply of samples under a name that `FEED` can choose. */
export interface Feed extends SampleSupply {
  readonly name: string;
  readonly description: FeedDescription;
  /** Hourly samples of the last 30 days, for the first start. */
  readonly backfill?: SampleSupply;
  /** Is asked for what the sources lack. */
  readonly reserve?: Reserve;
  /** Which of its addresses must not be asked now; other instances and the next start keep to it. */
  readonly pauses?: Pauses;
}

/** Merges all answers unchanged: enough for sources that share no metric. */
export function mergeAnswers(answers: ReadonlyMap<string, SourceAnswer>): Batch {
  const all = [...answers.values()];
  return {
    samples: all.flatMap(({ samples }) => samples),
    rejected: all.reduce((sum, { rejected }) => sum + rejected, 0),
  };
}
