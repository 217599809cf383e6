import * as z from "zod/mini";
import { FEED_FAULTS } from "../feeds/errors.ts";
import { PAUSES } from "../feeds/pauses.ts";
import { COUNT, TIME } from "../http/wire.ts";

const SAMPLES = COUNT.check(z.describe("Samples"));

const SOURCE = z.string().check(z.meta({ examples: ["okx"] }));

const FAILED_SOURCE = z.object({
  source: SOURCE,
  fault: z.enum(FEED_FAULTS),
  message: z.string(),
});

/** What a refresh did: the body of `POST /refresh`, and part of what is kept about the last one. */
export const REFRESH_REPORT = z.object({
  feed: z.string().check(z.meta({ examples: ["senticrypt"] })),
  received: SAMPLES.check(
    z.describe("Samples of the feed: `stored` + `duplicates` + `rejected`"),
  ),
  stored: SAMPLES.check(z.describe("Samples that are new")),
  duplicates: SAMPLES.check(
    z.describe("Samples whose time had a value; the first value stays"),
  ),
  rejected: SAMPLES.check(
    z.describe("Samples that cannot be right, or that the store refused"),
  ),
  expired: z.exactOptional(SAMPLES).check(
    z.describe(
      "Samples older than the retention, part of no other count; absent if there are none",
    ),
  ),
  as_of: z.nullable(TIME).check(
    z.describe("The `as_of` of the summary after the refresh; null without one"),
  ),
  refreshed_at: TIME.check(z.describe("When the refresh ended")),
  failed_sources: z.exactOptional(z.array(FAILED_SOURCE)).check(
    z.describe("The feed's sources that failed while others answered; absent if there are none"),
  ),
  degraded: z.exactOptional(z.literal(true)).check(
    z.describe(
      "One of the last minutes has a single price source, or the sentiment is spliced from another " +
        "source; absent if neither",
    ),
  ),
  replayed: z.exactOptional(z.literal(true)).check(
    z.describe("The report is that of an earlier refresh; absent if it is not"),
  ),
}).check(z.meta({ id: "RefreshReport" }));

/** What {@linkcode REFRESH_REPORT} parses. */
export type RefreshReport = Readonly<z.infer<typeof REFRESH_REPORT>>;

const FAILURE = z.object({
  fault: z.enum([...FEED_FAULTS, "store"]),
  message: z.string(),
  /** How long to wait before the next try. */
  retry_after_ms: z.exactOptional(z.number()),
});

/** Why a refresh failed, as it is kept for other instances. */
export type RefreshFailure = Readonly<z.infer<typeof FAILURE>>;

const SOURCE_HEALTH = z.object({
  source: SOURCE,
  last_success: z.nullable(TIME).check(
    z.describe("When it last answered; null if it never did"),
  ),
  failure: z.exactOptional(z.string()).check(
    z.describe("Why it failed last; absent if it did not"),
  ),
});

/** When a source last answered, and how it failed since. */
export type SourceHealth = Readonly<z.infer<typeof SOURCE_HEALTH>>;

/** What every instance knows about the last refresh of any. */
export const LAST_REFRESH = z.object({
  result: z.union([z.object({ report: REFRESH_REPORT }), z.object({ failure: FAILURE })]),
  sources: z.array(SOURCE_HEALTH),
  /** When it ended; absent in what the version before has written. */
  ended_at: z.exactOptional(z.string()),
  /** When a tick last refreshed; absent before the first. */
  ticked_at: z.exactOptional(z.string()),
  /** The addresses that must not be asked; unreadable ones count as none. */
  pauses: z.exactOptional(z.catch(PAUSES, {})),
});

/** What {@linkcode LAST_REFRESH} parses. */
export type LastRefresh = Readonly<z.infer<typeof LAST_REFRESH>>;

/** The body of `GET /readyz`: the service can do its work, and how old its data is. */
export const READINESS = z.object({
  status: z.literal("ready"),
  redis: z.object({
    status: z.literal("up"),
    latency_ms: z.number().check(
      z.gte(0),
      z.describe("How long Redis took to read its newest samples"),
    ),
  }),
  data: z.union([
    z.literal("none"),
    z.object({
      as_of: TIME.check(z.describe("The older of the two series' newest samples")),
      age_seconds: z.int().check(z.describe("How long ago that is")),
    }),
  ]).check(z.describe("`none` while a series is empty")),
  sources: z.array(SOURCE_HEALTH).check(
    z.describe("The feed's sources after the last refresh of any instance"),
  ),
  degraded: z.exactOptional(z.literal(true)).check(
    z.describe(
      "That refresh found a minute with a single price source, or spliced sentiment; absent if neither",
    ),
  ),
  last_tick: z.nullable(TIME).check(
    z.describe("When a tick of any instance last refreshed; null before"),
  ),
}).check(z.meta({ id: "Readiness" }));

/** What {@linkcode READINESS} parses. */
export type Readiness = Readonly<z.infer<typeof READINESS>>;
