import * as z from "zod";
import { isPlausible, type Sample } from "../samples/sample.ts";
import { FeedError } from "./errors.ts";
import type { SourceAnswer } from "./feed.ts";
import { MAX_ROWS } from "./request.ts";

/** Invalid rows take about 10 µs each: 1,000 at once delay other work by 10 to 20 ms. */
const ROWS_PER_SLICE = 1_000;

/** A number without a sign, or a string that holds one: sources write their decimals as strings. */
export const DECIMAL = z.union([
  z.number(),
  z.string().regex(/^\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/).transform(Number),
]);

/** What reading rows needs. */
export interface ReadRowsOptions {
  /** What errors call the source. */
  readonly name: string;
  /** Turns one row into its samples. */
  readonly row: z.ZodType<readonly Sample[]>;
  /** Unix milliseconds. */
  readonly now: number;
  /** How many samples every valid row has. @default 1 */
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
  for (let start = 0; start < rows.length; start += ROWS_PER_SLICE) {
    if (start > 0) await nextTurn();
    for (const row of rows.slice(start, start + ROWS_PER_SLICE)) {
      samples.push(...readRow(row, options));
    }
  }
  if (samples.length === 0) throw new FeedError("invalid", `${name}'s answer has no valid row`);
  return { samples, rejected: rows.length * samplesPerRow - samples.length };
}

/** A row is valid or invalid as a whole: a price must not be paired with another row's sentiment. */
function readRow(given: unknown, { row, now }: ReadRowsOptions): readonly Sample[] {
  const { data: samples = [] } = row.safeParse(given);
  return samples.every((sample) => isPlausible(sample, now)) ? samples : [];
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
