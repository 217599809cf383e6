import * as z from "zod";
import type { Answer } from "../summary/summary.ts";
import type { History } from "../history/history.ts";
import type { TrackRecord } from "../track_record/track_record.ts";
import type { BadgeJson } from "../summary/badge.ts";

const TIME = z.string().meta({ format: "date-time", examples: ["2021-07-07T17:00:00.000Z"] });
const PRICE = z.number().describe("US dollars").meta({ examples: [34554.14692307692] });
const SENTIMENT = z.number().min(-1).max(1).describe(
  "−1 (all against) to 1 (all for); what it measures depends on the feed",
).meta({ examples: [0.2992307692307695] });
const DIRECTION = z.enum(["rising", "falling", "flat"]).describe(
  "From the first hour to the last; `flat` if they are equal or there is only one",
);

/** The body of `GET /is-bitcoin-lit`, and the data of each event of `GET /events`. */
export const ANSWER = z.strictObject({
  hourly_average_of_averages: z.array(
    z.strictObject({
      time: TIME.describe("The start of the clock hour, ISO 8601, UTC"),
      price: PRICE,
      sentiment: SENTIMENT,
    }),
  ).min(1).max(3).describe("Clock hours with samples of both metrics, oldest first"),
  price_direction: DIRECTION,
  sentiment_direction: DIRECTION,
  lit: z.boolean().describe("Both are rising and the data is not stale"),
  as_of: TIME.describe("The older of the two series' newest samples"),
  stale: z.boolean().describe("`as_of` is longer ago than the service allows"),
  feed: z.string().describe("Where the numbers come from").meta({ examples: ["senticrypt"] }),
}).meta({ id: "Summary" }) satisfies z.ZodType<Answer>;

/** The body of `GET /history`. */
export const HISTORY = z.strictObject({
  bucket_seconds: z.number().positive().describe("The length of a bucket in seconds"),
  points: z.array(
    z.strictObject({
      time: TIME.describe("The start of the bucket, ISO 8601, UTC"),
      price: PRICE.nullable(),
      sentiment: SENTIMENT.nullable(),
    }),
  ).describe("Averages per bucket, oldest first; a bucket without samples is left out"),
}).meta({ id: "History" }) satisfies z.ZodType<History>;

const SPAN = z.strictObject({ from: TIME, to: TIME.describe("Exclusive") });
const SHARE = z.number().min(0).max(1).nullable();
const MEDIAN_CHANGE = z.number().nullable().describe("Relative: 0.01 is one percent up");

const HORIZON = z.strictObject({
  hours: z.int().positive().describe("How long after a spell could be known"),
  spells: z.int().min(0).describe("How many spells are counted"),
  higher: z.int().min(0).describe("After how many the price was higher; equal is not higher"),
  share: SHARE.describe("`higher` of `spells`; null without spells"),
  low: SHARE.describe("The lower end of Wilson's 95 % interval of `share`"),
  high: SHARE.describe("Its upper end"),
  median_change: MEDIAN_CHANGE,
  base: z.strictObject({
    hours: z.int().min(0),
    higher: z.int().min(0),
    share: SHARE,
    median_change: MEDIAN_CHANGE,
  }).describe("The same after every known hour"),
  verdict: z.enum(["no-evidence", "higher", "lower"]).describe(
    "`no-evidence` if the base share lies inside the interval, or with fewer than 20 spells",
  ),
});

/** The body of `GET /track-record`. */
export const TRACK_RECORD = z.strictObject({
  feed: z.string().meta({ examples: ["live"] }),
  from: TIME,
  to: TIME.describe("Exclusive: the end of the last completed hour"),
  hours: z.int().min(0),
  known_hours: z.int().min(0).describe("Hours whose state is known"),
  lit_hours: z.int().min(0),
  spells: z.array(SPAN).describe("Runs of lit hours, oldest first; an open one ends at `to`"),
  unknown: z.array(SPAN).describe("Runs of hours whose state is unknown, oldest first"),
  horizons: z.array(HORIZON),
}).meta({ id: "TrackRecord" }) satisfies z.ZodType<TrackRecord>;

/** The body of `GET /badge.json`, as shields.io reads it. */
export const BADGE = z.strictObject({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.enum(["lit", "not lit", "unknown"]),
  color: z.string(),
}).meta({ id: "Badge" }) satisfies z.ZodType<BadgeJson>;
