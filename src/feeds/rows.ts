import * as z from "zod/mini";
import { isPlausible, type Sample } from "../samples/sample.ts";
import { FeedError } from "./errors.ts";
import type { SourceAnswer } from "./feed.ts";
import { MAX_ROWS } from "./request.ts";

/** Invalid rows take about 10 µs each: 1,000 at once delay other work by 10 to 20 ms. */
const ROWS_PER_SLICE = 1_000;

/** A number without a sign, or a string that holds one: sources write their decimals as strings. */
export const DECIMAL = z.union([
  z.number(),
  z.pipe(
    z.string().check(z.regex(/^\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/)),
    z.transform(Number),
  ),
]);

/** What reading rows needs. */
export interface ReadRowsOptions {
  /** What errors call the source. */
  readonly name: string;
  /** Turns one row into its samples; a valid row may have none. */
  readonly row: z.core.$ZodType<readonly Sample[]>;
  /** Unix milliseconds. */
  readonly now: number;
  /** How many samples a row counts for when it is rejected. @default 1 */
  readonly samplesPerRow?: number;
}

/**
 * Parses rows one by one: an invalid row is counted, and the others stay. Lets other work run
 * between slices of rows.
 *
 * @throws {FeedError} `invalid` for no list, more than 50,000 rows, or no valid row
 */
export async function readRows(rows: unknown, options: ReadRowsOptions): Promise<SourceAnswer> {
  const { name, samplesPerRow = 1 } = options;
  if (!Array.isArray(rows)) throw new FeedError("invalid", `${name}'s answer has no list of rows`);
  if (rows.length > MAX_ROWS) {
    throw new FeedError("invalid", `${name}'s answer has more than ${MAX_ROWS} rows`);
  }
  const samples: Sample[] = [];
  let invalid = 0;
  for (let start = 0; start < rows.length; start += ROWS_PER_SLICE) {
    if (start > 0) await nextTurn();
    for (const row of rows.slice(start, start + ROWS_PER_SLICE)) {
      const valid = readRow(row, options);
      if (valid === undefined) invalid++;
      else samples.push(...valid);
    }
  }
  if (invalid === rows.length) {
    throw new FeedError("invalid", `${name}'s answer has no valid row`);
  }
  return { samples, rejected: invalid * samplesPerRow };
}

/** A row is valid or invalid as a whole: a price must not be paired with another row's sentiment. */
function readRow(given: unknown, { row, now }: ReadRowsOptions): readonly Sample[] | undefined {
  const { data: samples } = z.safeParse(row, given);
  return samples?.every((sample) => isPlausible(sample, now)) ? samples : undefined;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
