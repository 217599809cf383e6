import type { FeedDescription, Language } from "../../src/feeds/feed.ts";
import { loadAssets } from "../../src/web/assets.ts";
import type { Content, PageView } from "../../src/web/view.ts";
import type { State } from "../../src/web/words.ts";
import type { Answer } from "../../src/summary/wire.ts";
import type { TrackRecord } from "../../src/track_record/wire.ts";
import { RISING_SUMMARY } from "../helpers/samples.ts";

/** The files of the pages. */
export const ASSETS = await loadAssets();

/** A month with two spells and a gap. */
export const RECORD: TrackRecord = {
  feed: "test",
  from: "2021-06-07T12:00:00.000Z",
  to: "2021-07-07T12:00:00.000Z",
  hours: 720,
  known_hours: 710,
  lit_hours: 8,
  spells: [
    { from: "2021-06-20T01:00:00.000Z", to: "2021-06-20T06:00:00.000Z" },
    { from: "2021-07-07T02:00:00.000Z", to: "2021-07-07T05:00:00.000Z" },
  ],
  unknown: [{ from: "2021-07-01T00:00:00.000Z", to: "2021-07-01T10:00:00.000Z" }],
  horizons: [{
    hours: 24,
    spells: 2,
    higher: 1,
    share: 0.5,
    low: 0.095,
    high: 0.905,
    median_change: 0.001,
    base: { hours: 700, higher: 360, share: 360 / 700, median_change: 0 },
    verdict: "no-evidence",
  }],
  payoff: {
    fee_percent: 0.25,
    hold: 1.031,
    lit_only: 1.012,
    switches: 4,
    hours_held: 8,
    curve: [
      { time: "2021-06-07T12:00:00.000Z", hold: 1, lit_only: 1 },
      { time: "2021-06-22T12:00:00.000Z", hold: 1.05, lit_only: 1.02 },
      { time: "2021-07-07T11:00:00.000Z", hold: 1.031, lit_only: 1.012 },
    ],
  },
};

/** A feed as readers see it. */
export const DESCRIPTION: FeedDescription = {
  title: { "en": "Test markets", "zh-CN": "测试市场" },
  sentiment: { "en": "Sentiment is measured by a test.", "zh-CN": "情绪由测试得出。" },
  price: { "en": "The price is made up for a test.", "zh-CN": "价格为测试而编。" },
};

/** An answer that says yes. */
export const LIT: Answer = { ...RISING_SUMMARY, lit: true, stale: false, feed: "test" };

/** An answer that says no. */
export const UNLIT: Answer = { ...LIT, lit: false, sentiment_direction: "falling" };

/** An answer whose data is old. */
export const STALE: Answer = { ...LIT, lit: false, stale: true };

const SINGLE_HOUR: Answer = {
  ...UNLIT,
  hourly_average_of_averages: RISING_SUMMARY.hourly_average_of_averages.slice(0, 1),
  price_direction: "flat",
  sentiment_direction: "flat",
};

const CONTENTS: Readonly<Record<State, Content>> = {
  "lit": { answer: LIT, revision: 1 },
  "unlit": { answer: UNLIT, revision: 1 },
  "stale": { answer: STALE, revision: 1 },
  "single-hour": { answer: SINGLE_HOUR, revision: 1 },
  "no-data": { trouble: "no-data" },
  "store-unavailable": { trouble: "store-unavailable" },
  "unreachable": { trouble: "unreachable" },
};

/** All states of the page. */
export const STATES = Object.keys(CONTENTS) as State[];

/** Creates what the page is rendered from in a state. */
export function viewIn(state: State, language: Language = "en"): PageView {
  return viewOf(CONTENTS[state], language);
}

/** Creates what the page is rendered from with a content. */
export function viewOf(content: Content, language: Language = "en"): PageView {
  const record = "answer" in content ? RECORD : undefined;
  return {
    ...content,
    assets: ASSETS,
    feed: "test",
    description: DESCRIPTION,
    language,
    record,
  };
}
