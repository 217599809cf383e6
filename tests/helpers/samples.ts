import type { SourceAnswer } from "../../src/feeds/feed.ts";
import type { Sample } from "../../src/samples/sample.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import type { RevisedSummary, Summary } from "../../src/summary/wire.ts";

/** A time in the middle of an hour, in Unix milliseconds. */
export const NOW = Date.UTC(2021, 6, 7, 12, 30);

/** One sample of each metric at `timestamp`. */
export function pairAt(timestamp: number, price = 34_500, sentiment = 0.2): Sample[] {
  return [
    { metric: "price", timestamp, value: price },
    { metric: "sentiment", timestamp, value: sentiment },
  ];
}

/** A source's answer: three hours before {@linkcode NOW} in which both metrics rise. */
export function risingAnswer(): SourceAnswer {
  const samples = [2, 1, 0].flatMap((ago) =>
    pairAt(NOW - ago * HOUR_MS, 34_500 - ago, 0.75 - ago / 4)
  );
  return { samples, rejected: 0 };
}

/** The summary that {@linkcode risingAnswer} leads to. */
export const RISING_SUMMARY: Summary = {
  hourly_average_of_averages: [
    { time: "2021-07-07T10:00:00.000Z", price: 34_498, sentiment: 0.25 },
    { time: "2021-07-07T11:00:00.000Z", price: 34_499, sentiment: 0.5 },
    { time: "2021-07-07T12:00:00.000Z", price: 34_500, sentiment: 0.75 },
  ],
  price_direction: "rising",
  sentiment_direction: "rising",
  as_of: "2021-07-07T12:30:00.000Z",
};

/** The same, with a price that falls. */
export const FALLING_SUMMARY: Summary = {
  ...RISING_SUMMARY,
  hourly_average_of_averages: RISING_SUMMARY.hourly_average_of_averages.map((hour, i) => ({
    ...hour,
    price: 34_500 - i,
  })),
  price_direction: "falling",
};

/** {@linkcode RISING_SUMMARY} with a revision. */
export function risingAt(revision: number): RevisedSummary {
  return { revision, ...RISING_SUMMARY };
}
