import * as z from "zod/mini";
import { FEED, PRICE, SENTIMENT, TIME } from "../http/wire.ts";
import { STATE_WORDS } from "./states.js";
import { WINDOW_HOURS } from "./summary.ts";

const DIRECTION = z.enum(["rising", "falling", "flat"]).check(
  z.describe("From the first hour to the last; `flat` if they are equal or there is only one"),
);

/** Where a metric went from the first hour of the window to the last. */
export type Direction = z.infer<typeof DIRECTION>;

const HOURLY_AVERAGE = z.object({
  time: TIME.check(z.describe("The start of the clock hour, ISO 8601, UTC")),
  price: PRICE,
  sentiment: SENTIMENT,
});

/** Both metrics' averages of one clock hour. */
export type HourlyAverage = z.infer<typeof HOURLY_AVERAGE>;

const SUMMARY = z.object({
  hourly_average_of_averages: z.array(HOURLY_AVERAGE).check(
    z.minLength(1),
    z.maxLength(WINDOW_HOURS),
    z.describe("Clock hours with samples of both metrics, oldest first"),
  ),
  price_direction: DIRECTION,
  sentiment_direction: DIRECTION,
  as_of: TIME.check(z.describe("The older of the two series' newest samples")),
});

/** The content of the series, independent of when it is read. */
export type Summary = z.infer<typeof SUMMARY>;

/** What is cached and announced. Of two, the one with the higher revision is newer. */
export const REVISED_SUMMARY = z.extend(SUMMARY, { revision: z.int().check(z.nonnegative()) });

/** A summary and its place in the order. */
export type RevisedSummary = z.infer<typeof REVISED_SUMMARY>;

/** The body of `GET /is-bitcoin-lit`, and the data of each event of `GET /events`. */
export const ANSWER = z.extend(SUMMARY, {
  lit: z.boolean().check(z.describe("Both are rising and the data is not stale")),
  stale: z.boolean().check(z.describe("`as_of` is longer ago than the service allows")),
  feed: FEED,
}).check(z.meta({ id: "Summary" }));

/** A summary with what is true only at the moment of the answer. */
export type Answer = z.infer<typeof ANSWER>;

/** The body of `GET /badge.json`, as shields.io reads it. */
export const BADGE = z.object({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.enum(Object.values(STATE_WORDS).map(({ label }) => label)),
  color: z.string(),
}).check(z.meta({ id: "Badge" }));

/** The answer to shields' endpoint badge. */
export type Badge = z.infer<typeof BADGE>;
