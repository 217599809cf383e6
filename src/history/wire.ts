import * as z from "zod/mini";
import { PRICE, SENTIMENT, TIME } from "../http/wire.ts";

const POINT = z.object({
  time: TIME.check(z.describe("The start of the bucket, ISO 8601, UTC")),
  price: z.nullable(PRICE),
  sentiment: z.nullable(SENTIMENT),
});

/** Both metrics' averages over one bucket. */
export type HistoryPoint = z.infer<typeof POINT>;

/** The body of `GET /history`. */
export const HISTORY = z.object({
  bucket_seconds: z.number().check(
    z.positive(),
    z.describe("The length of a bucket in seconds"),
  ),
  points: z.array(POINT).check(
    z.describe("Averages per bucket, oldest first; a bucket without samples is left out"),
  ),
}).check(z.meta({ id: "History" }));

/** The averages per bucket. */
export type History = z.infer<typeof HISTORY>;
