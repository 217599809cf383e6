import type { Database } from "./database.ts";
import { ReplyError } from "./reply.ts";
import type { Sample } from "./series_store.ts";

const AGGREGATORS = ["avg", "min", "max", "sum", "count", "first", "last"] as const;

/** The function that combines the values of a bucket. */
export type Aggregator = typeof AGGREGATORS[number];

/** How samples are combined into buckets of equal length, each with one value. */
export interface Aggregation {
  readonly aggregator: Aggregator;
  /** Milliseconds. */
  readonly bucketDuration: number;
  /** A timestamp at which a bucket starts. */
  readonly alignment: number;
  /** Which moment of a bucket is its timestamp in replies. */
  readonly bucketTimestamp: "start" | "mid" | "end";
  /** Whether replies include buckets without samples. */
  readonly empty: boolean;
}

/** All samples of a series. */
export const WHOLE_SERIES: SeriesQuery = {
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
  timestamps: undefined,
  limit: undefined,
  aggregation: undefined,
};

/** Which samples of a series to read; bounds are inclusive Unix milliseconds. */
export interface SeriesQuery {
  readonly from: number;
  readonly to: number;
  /** When set, only samples with one of these timestamps are read. */
  readonly timestamps: readonly number[] | undefined;
  readonly limit: number | undefined;
  readonly aggregation: Aggregation | undefined;
}

const RESULT_BY_AGGREGATOR: Readonly<Record<Aggregator, string>> = {
  avg: "AVG(value) AS result",
  min: "MIN(value) AS result",
  max: "MAX(value) AS result",
  sum: "TOTAL(value) AS result",
  count: "COUNT(*) AS result",
  // With a single MIN or MAX, SQLite takes the other columns from the row of that value.
  first: "value AS result, MIN(timestamp)",
  last: "value AS result, MAX(timestamp)",
};
const BUCKET_START = `timestamp - ((timestamp - CAST(:alignment AS INTEGER))
  % CAST(:duration AS INTEGER) + CAST(:duration AS INTEGER)) % CAST(:duration AS INTEGER)`;
const IN_RANGE = "series = :series AND timestamp BETWEEN :from AND :to";
/** Aggregators leave out samples that are not a number. */
const IS_NUMBER = "AND typeof(value) <> 'text'";
const IN_RANGE_AND_LISTED =
  `${IN_RANGE} AND timestamp IN (SELECT value FROM json_each(:timestamps))`;
const NO_LIMIT = -1;

/** Each empty bucket takes memory: a range of years in milliseconds would end the process. */
const MAX_BUCKETS_WITH_EMPTY = 100_000;

/** Parses the name of an aggregator, in any case. */
export function parseAggregator(text: string): Aggregator | undefined {
  const name = text.toLowerCase();
  return AGGREGATORS.find((aggregator) => aggregator === name);
}

/**
 * Reads samples or, with an aggregation, one value per bucket, oldest first.
 *
 * @throws {ReplyError} when empty buckets would make the reply too large
 */
export function querySeries(database: Database, series: number, query: SeriesQuery): Sample[] {
  const { aggregation, limit } = query;
  if (aggregation === undefined) return selectSamples(database, series, query);
  const buckets = selectBuckets(database, series, query, aggregation);
  const filled = aggregation.empty ? addEmptyBuckets(buckets, aggregation, limit) : buckets;
  const offset = bucketTimestampOffset(aggregation);
  return filled.map(([start, value]) => [Math.max(0, start) + offset, value]);
}

/** Reads like `querySeries`, but newest first: the limit keeps the newest. */
export function querySeriesBackwards(
  database: Database,
  series: number,
  { limit, ...query }: SeriesQuery,
): Sample[] {
  return querySeries(database, series, { ...query, limit: undefined }).reverse().slice(0, limit);
}

function selectSamples(database: Database, series: number, query: SeriesQuery): Sample[] {
  const statement = database.prepare(
    `SELECT timestamp, value FROM samples
      WHERE ${condition(query)} ORDER BY timestamp LIMIT :limit`,
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
      WHERE ${condition(query)} ${IS_NUMBER} GROUP BY start ORDER BY start LIMIT :limit`,
  );
  return statement.all({ ...parameters(series, query), duration: bucketDuration, alignment })
    .map(({ start, result }) => [Number(start), Number(result)]);
}

function condition({ timestamps }: SeriesQuery): string {
  return timestamps === undefined ? IN_RANGE : IN_RANGE_AND_LISTED;
}

function parameters(
  series: number,
  { from, to, timestamps, limit = NO_LIMIT }: SeriesQuery,
): Record<string, number | string> {
  const bounds = { series, from, to, limit };
  return timestamps === undefined ? bounds : { ...bounds, timestamps: JSON.stringify(timestamps) };
}

function addEmptyBuckets(
  buckets: Sample[],
  { aggregator, bucketDuration }: Aggregation,
  limit = Infinity,
): Sample[] {
  const span = (buckets.at(-1)?.[0] ?? 0) - (buckets[0]?.[0] ?? 0);
  if (Math.min(limit, span / bucketDuration + 1) > MAX_BUCKETS_WITH_EMPTY) {
    throw new ReplyError(
      `ERR TSDB: EMPTY over more than ${MAX_BUCKETS_WITH_EMPTY} buckets is not supported by this server`,
    );
  }
  const filled: Sample[] = [];
  for (const bucket of buckets) {
    let previous = filled.at(-1);
    while (previous !== undefined && previous[0] + bucketDuration < bucket[0]) {
      if (filled.length >= limit) return filled;
      previous = [previous[0] + bucketDuration, emptyValue(aggregator, previous[1])];
      filled.push(previous);
    }
    filled.push(bucket);
  }
  return filled.slice(0, limit);
}

function emptyValue(aggregator: Aggregator, previous: number): number {
  if (aggregator === "last") return previous;
  return aggregator === "sum" || aggregator === "count" ? 0 : NaN;
}

function bucketTimestampOffset({ bucketTimestamp, bucketDuration }: Aggregation): number {
  if (bucketTimestamp === "start") return 0;
  return bucketTimestamp === "end" ? bucketDuration : Math.floor(bucketDuration / 2);
}
