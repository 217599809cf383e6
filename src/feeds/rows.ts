import type { z } from "zod";
import { FeedError } from "../core/errors.ts";
import type { FeedAnswer } from "../core/ports.ts";
import type { Sample } from "../core/sample.ts";
import { isPlausibleTime } from "./plausible_time.ts";

/** What reading rows needs. */
export interface ReadRowsOptions {
  /** What errors call the source. */
  name: string;
  /** Makes the samples of one row. */
  row: z.ZodType<readonly Sample[]>;
  /** The time in Unix milliseconds. */
  now: number;
  /** How many samples every valid row has. @default 1 */
  samplesPerRow?: number;
}

/**
 * Makes samples of rows, one by one: a row that makes no sense is counted and hurts no other.
 *
 * @throws {FeedError} `invalid` where they are no rows, or none of them is valid
 */
export function readRows(rows: unknown, options: ReadRowsOptions): FeedAnswer {
  const { name, row, now, samplesPerRow = 1 } = options;
  if (!Array.isArray(rows)) throw new FeedError("invalid", `${name}'s answer has no list of rows`);
  const samples = rows.flatMap((given) => row.safeParse(given).data ?? [])
    .filter(({ timestamp }) => isPlausibleTime(timestamp, now));
  if (samples.length === 0) throw new FeedError("invalid", `${name}'s answer has no valid row`);
  return { samples, rejected: rows.length * samplesPerRow - samples.length };
}
