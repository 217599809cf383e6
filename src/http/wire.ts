import * as z from "zod/mini";

/** A moment, ISO 8601, UTC. */
export const TIME = z.iso.datetime().check(z.meta({ examples: ["2021-07-07T17:00:00.000Z"] }));

/** A price in US dollars. */
export const PRICE = z.number().check(
  z.describe("US dollars"),
  z.meta({ examples: [34554.14692307692] }),
);

/**
 * A sentiment. Its bounds are described, not checked: a value beyond them that another program stored
 * would otherwise make every cached summary a miss.
 */
export const SENTIMENT = z.number().check(
  z.describe("−1 (all against) to 1 (all for); what it measures depends on the feed"),
  z.meta({ minimum: -1, maximum: 1, examples: [0.2992307692307695] }),
);

/** The name of a feed. */
export const FEED = z.string().check(
  z.describe("Where the numbers come from"),
  z.meta({ examples: ["live"] }),
);

/** A number of things. */
export const COUNT = z.int().check(z.nonnegative());

/** The body of every error (RFC 9457). */
export const PROBLEM = z.strictObject({
  type: z.string().check(
    z.meta({ format: "uri-reference", examples: ["/docs/problems#not-found"] }),
  ),
  title: z.string(),
  status: z.int().check(z.gte(400), z.lte(599)),
  detail: z.string().check(z.describe("What went wrong this time, and what to do")),
  request_id: z.string().check(z.describe("Also in the header X-Request-Id, and in the logs")),
  replayed: z.exactOptional(z.literal(true)).check(
    z.describe("The problem is that of an earlier refresh; absent if it is not"),
  ),
}).check(z.meta({ id: "Problem" }));

/** The body of an error. */
export type Problem = z.infer<typeof PROBLEM>;
