import type { Database } from "./database.ts";
import type { Sample } from "./series_store.ts";

const AGGREGATORS = ["avg", "min", "max", "sum", "count", "first", "last"] as const;

/** How the values of a bucket become one. */
export type Aggregator = typeof AGGREGATORS[number];

/** Buckets of equal length, and one value for each. */
export interface Aggregation {
  readonly aggregator: Aggregator;
  /** Milliseconds. */
  readonly bucketDuration: number;
  /** A timestamp at which a bucket starts. */
  readonly alignment: number;
  /** Which moment of a bucket stands for it. */
  readonly bucketTimestamp: "start" | "mid" | "end";
  /** Whether buckets without samples are told too. */
  readonly empty: boolean;
}

/** Which samples of a series are asked for; bounds are inclusive Unix milliseconds. */
export interface SeriesQuery {
  readonly from: number;
  readonly to: number;
  readonly limit: number | undefined;
  readonly aggregation: Aggregation | undefined;
}

const RESULT_BY_AGGREGATOR: Readonly<Record<Aggregator, string>> = {
  avg: "AVG(value) AS result",
  min: "MIN(value) AS result",
  max: "MAX(value) AS result",
  sum: "TOTAL(value) AS result",
  count: "COUNT(*) AS result",
  // Beside a single MIN or MAX, SQLite takes the other columns from the row that has it.
  first: "value AS result, MIN(timestamp)",
  last: "value AS result, MAX(timestamp)",
};
const BUCKET_START = `timestamp - ((timestamp - CAST(:alignment AS INTEGER))
  % CAST(:duration AS INTEGER) + CAST(:duration AS INTEGER)) % CAST(:duration AS INTEGER)`;
const IN_RANGE = "series = :series AND timestamp BETWEEN :from AND :to";
const NO_LIMIT = -1;

/** Tells an aggregator from any other word, in either case. */
export function parseAggregator(text: string): Aggregator | undefined {
  const name = text.toLowerCase();
  return AGGREGATORS.find((aggregator) => aggregator === name);
}

/** Reads samples, or one value per bucket, oldest first. */
export function querySeries(database: Database, series: number, query: SeriesQuery): Sample[] {
  const { aggregation, limit } = query;
  if (aggregation === undefined) return selectSamples(database, series, query);
  const buckets = selectBuckets(database, series, query, aggregation);
  const told = aggregation.empty ? withEmptyBuckets(buckets, aggregation, limit) : buckets;
  const offset = bucketTimestampOffset(aggregation);
  return told.map(([start, value]) => [Math.max(0, start) + offset, value]);
}

function selectSamples(database: Database, series: number, query: SeriesQuery): Sample[] {
  const statement = database.prepare(
    `SELECT timestamp, value FROM samples
      WHERE ${IN_RANGE} ORDER BY timestamp LIMIT :limit`,
  );
  return statement.all(parameters(series, query))
    .map(({ timestamp, value }) => [Number(timestamp), Number(value)]);
}

function selectBuckets(
  database: Database,
  series: number,
  query: SeriesQuery,
  { aggregator, bucketDuration, alignment }: Aggregation,
): Sample[] {
  const statement = database.prepare(
    `SELECT ${BUCKET_START} AS start, ${RESULT_BY_AGGREGATOR[aggregator]} FROM samples
      WHERE ${IN_RANGE} GROUP BY start ORDER BY start LIMIT :limit`,
  );
  return statement.all({ ...parameters(series, query), duration: bucketDuration, alignment })
    .map(({ start, result }) => [Number(start), Number(result)]);
}

function parameters(
  series: number,
  { from, to, limit = NO_LIMIT }: SeriesQuery,
): Record<string, number> {
  return { series, from, to, limit };
}

function withEmptyBuckets(
  buckets: Sample[],
  { aggregator, bucketDuration }: Aggregation,
  limit = Infinity,
): Sample[] {
  const told: Sample[] = [];
  for (const bucket of buckets) {
    let previous = told.at(-1);
    while (previous !== undefined && previous[0] + bucketDuration < bucket[0]) {
      if (told.length >= limit) return told;
      previous = [previous[0] + bucketDuration, emptyValue(aggregator, previous[1])];
      told.push(previous);
    }
    told.push(bucket);
  }
  return told.slice(0, limit);
}

function emptyValue(aggregator: Aggregator, previous: number): number {
  if (aggregator === "last") return previous;
  return aggregator === "sum" || aggregator === "count" ? 0 : NaN;
}

function bucketTimestampOffset({ bucketTimestamp, bucketDuration }: Aggregation): number {
  if (bucketTimestamp === "start") return 0;
  return bucketTimestamp === "end" ? bucketDuration : Math.floor(bucketDuration / 2);
}
