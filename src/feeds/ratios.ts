import type * as z from "zod/mini";
import { MINUTE_MS } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";
import type { SourceAnswer } from "./feed.ts";
import type { JsonAnswer } from "./json_source.ts";
import { readRows } from "./rows.ts";

/** For all addresses together; exchanges return at most 1,440 buckets. */
export const RATIO_LIMITS = { timeoutMs: 10_000, maxRows: 2_000 };

/** A bucket can change for this long after its end, and the series keep the first value. */
const SETTLED_AFTER_MS = 5 * MINUTE_MS;

/** What reading the ratios of accounts needs. */
export interface ReadRatiosOptions {
  /** What errors call the source. */
  readonly name: string;
  /** Turns one row into its sample. */
  readonly row: z.core.$ZodType<readonly Sample[]>;
  /** How long a bucket lasts, in milliseconds. */
  readonly bucketMs: number;
  /** Our clock, in Unix milliseconds. */
  readonly now: number;
  /** The answer's date. */
  readonly date: JsonAnswer["date"];
}

/**
 * Reads the settled buckets as sentiment, oldest first: those that ended five minutes ago by the earlier of
 * our clock and the answer's date.
 *
 * @throws {FeedError} `invalid` as {@linkcode readRows} does
 */
export async function readRatios(
  rows: unknown,
  { name, row, bucketMs, now, date = Infinity }: ReadRatiosOptions,
): Promise<SourceAnswer> {
  const { samples, rejected } = await readRows(rows, { name, row, now });
  const newest = Math.min(now, date) - bucketMs - SETTLED_AFTER_MS;
  const settled = samples.filter(({ timestamp }) => timestamp <= newest);
  return { samples: settled.sort((a, b) => a.timestamp - b.timestamp), rejected };
}
