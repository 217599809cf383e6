import * as z from "zod/mini";
import { COUNT, FEED, TIME } from "../http/wire.ts";
import { MIN_SPELLS } from "./horizon.ts";

/** No exchange takes more for a switch, in percent. */
export const MAX_FEE_PERCENT = 5;

const SPAN = z.object({ from: TIME, to: TIME.check(z.describe("Exclusive")) });

/** Consecutive hours; `from` and `to` (exclusive) are starts of hours. */
export type Span = z.infer<typeof SPAN>;

const SHARE = z.nullable(z.number().check(z.gte(0), z.lte(1)));

const MEDIAN_CHANGE = z.nullable(z.number()).check(
  z.describe("Relative: 0.01 is one percent up"),
);

const HORIZON = z.object({
  hours: z.int().check(z.positive(), z.describe("How long after a spell could be known")),
  spells: COUNT.check(z.describe("How many spells are counted")),
  higher: COUNT.check(
    z.describe("After how many the price was higher; equal is not higher"),
  ),
  share: SHARE.check(z.describe("`higher` of `spells`; null without spells")),
  low: SHARE.check(z.describe("The lower end of Wilson's 95 % interval of `share`")),
  high: SHARE.check(z.describe("Its upper end")),
  median_change: MEDIAN_CHANGE,
  base: z.object({
    hours: COUNT,
    higher: COUNT,
    share: SHARE,
    median_change: MEDIAN_CHANGE,
  }).check(z.describe("The same after every known hour")),
  verdict: z.enum(["no-evidence", "higher", "lower"]).check(z.describe(
    "`no-evidence` if the base share lies inside the interval, or with fewer than " +
      `${MIN_SPELLS} spells`,
  )),
});

/** What the price did in the `hours` hours after spells, compared with all known hours. */
export type Horizon = z.infer<typeof HORIZON>;

/** `no-evidence`, or how outcomes after spells differ from the base. */
export type Verdict = Horizon["verdict"];

const VALUE = z.number().check(z.gte(0));

const PAYOFF_POINT = z.object({ time: TIME, hold: VALUE, lit_only: VALUE });

/** What 1 had become by the hour that starts at `time`. */
export type PayoffPoint = z.infer<typeof PAYOFF_POINT>;

const PAYOFF = z.object({
  fee_percent: z.number().check(
    z.gte(0),
    z.lte(MAX_FEE_PERCENT),
    z.describe("What each switch costs"),
  ),
  hold: VALUE.check(z.describe("What 1 became when held throughout, without fees")),
  lit_only: VALUE.check(z.describe("What 1 became when held only while Bitcoin was lit")),
  switches: COUNT.check(z.describe("Entries and exits")),
  hours_held: COUNT,
  curve: z.array(PAYOFF_POINT).check(
    z.describe(
      "At most 180 hours that have a price, the first and the last among them; all but the last are " +
        "rounded to six digits",
    ),
  ),
}).check(z.describe("Did it pay? Null with fewer than two hours that have a price"));

/** What holding Bitcoin only while it was lit would have paid. */
export type Payoff = z.infer<typeof PAYOFF>;

/** The body of `GET /track-record`. */
export const TRACK_RECORD = z.object({
  feed: FEED,
  from: TIME,
  to: TIME.check(z.describe("Exclusive: the end of the last completed hour")),
  hours: COUNT,
  known_hours: COUNT.check(z.describe("Hours whose state is known")),
  lit_hours: COUNT,
  spells: z.array(SPAN).check(
    z.describe("Runs of lit hours, oldest first, also those not counted; an open one ends at `to`"),
  ),
  unknown: z.array(SPAN).check(
    z.describe(
      "Runs of hours whose state is unknown, oldest first; any other hour was known and not lit",
    ),
  ),
  horizons: z.array(HORIZON),
  payoff: z.nullable(PAYOFF),
}).check(z.meta({ id: "TrackRecord" }));

/** What the price did after spells, compared with all known hours, over a period of whole hours. */
export type TrackRecord = z.infer<typeof TRACK_RECORD>;
