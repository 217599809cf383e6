import { HOUR_MS, median, MINUTE_MS } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";

/** How long a bucket of sentiment lasts. */
export const BUCKET_MS = 5 * MINUTE_MS;

/** A bucket that is missing so long after its end is not waited for. */
const DUE_AFTER_MS = 8 * MINUTE_MS;

/** How far back buckets are filled. */
const FILL_MS = HOUR_MS;

/** How far before a bucket its level is looked for. */
const LEVEL_MS = 24 * HOUR_MS;

/** With fewer buckets than an hour's, the difference of the levels would be noise. */
const MIN_BUCKETS = 12;

/** How far back stored sentiment matters: the hour that is filled, and the day before it. */
export const STORED_MS = LEVEL_MS + FILL_MS;

/** What is spliced. */
export interface SpliceOptions {
  /** The sentiment that is known: of the preferred source, and stored. */
  readonly known: readonly Sample[];
  /** The sentiment of another source, at another level. */
  readonly other: readonly Sample[];
  /** Unix milliseconds. */
  readonly now: number;
}

/** Finds the buckets of the last hour that should be known and are not: their starts, oldest first. */
export function findDue(known: readonly Sample[], now: number): readonly number[] {
  const numbers = new Set(known.map(numberOf));
  const last = Math.floor((now - DUE_AFTER_MS) / BUCKET_MS) - 1;
  return Array.from({ length: FILL_MS / BUCKET_MS }, (_, i) => last - i)
    .filter((number) => !numbers.has(number))
    .map((number) => number * BUCKET_MS)
    .reverse();
}

/**
 * Fills the buckets that are due from another source, brought to the level of the known ones by the median
 * difference of the 24 hours before each. Without that, changing the source would change directions.
 */
export function splice({ known, other, now }: SpliceOptions): readonly Sample[] {
  const levels = valuesByNumber(known);
  const others = valuesByNumber(other);
  return findDue(known, now).flatMap((timestamp): readonly Sample[] => {
    const number = timestamp / BUCKET_MS;
    const raw = others.get(number);
    const shift = raw === undefined ? undefined : shiftAt(number, levels, others);
    if (raw === undefined || shift === undefined) return [];
    const value = Math.min(Math.max(raw + shift, -1), 1);
    levels.set(number, value);
    return [{ metric: "sentiment", timestamp, value }];
  });
}

function shiftAt(
  number: number,
  levels: ReadonlyMap<number, number>,
  others: ReadonlyMap<number, number>,
): number | undefined {
  const differences = Array.from({ length: LEVEL_MS / BUCKET_MS }, (_, i) => number - 1 - i)
    .flatMap((before) => {
      const [level, other] = [levels.get(before), others.get(before)];
      return level === undefined || other === undefined ? [] : [level - other];
    });
  return differences.length < MIN_BUCKETS ? undefined : median(differences);
}

function valuesByNumber(samples: readonly Sample[]): Map<number, number> {
  return new Map(samples.map((sample) => [numberOf(sample), sample.value]));
}

/** The nearest bucket: a source may count from another second than we do. */
function numberOf({ timestamp }: Sample): number {
  return Math.round(timestamp / BUCKET_MS);
}
