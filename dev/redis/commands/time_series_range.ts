import type { ByteString } from "../byte_string.ts";
import { parseInteger } from "../numbers.ts";
import { wrongArity } from "../reply.ts";
import { type Aggregation, parseAggregator, type SeriesQuery } from "../series_query.ts";
import { findOption, parseTimestamp, refuseOption, tsdbError } from "./time_series_options.ts";

/** The module ignores all further timestamps of `FILTER_BY_TS`. */
const MAX_FILTER_TIMESTAMPS = 128;

const BUCKET_TIMESTAMPS: ReadonlyMap<string, Aggregation["bucketTimestamp"]> = new Map([
  ["start", "start"],
  ["-", "start"],
  ["mid", "mid"],
  ["~", "mid"],
  ["end", "end"],
  ["+", "end"],
]);

/** Parses a key and what follows it in `TS.RANGE`, in the module's order: the first error is the reply. */
export function parseRange(args: ByteString[], command: string): SeriesQuery {
  const { from, to } = parseBounds(args);
  const limit = parseCount(args);
  const buckets = parseAggregation(args, command);
  const alignment = parseAlignment(args, from, to, command);
  if (alignment !== undefined && buckets === undefined) {
    throw tsdbError("ALIGN parameter can only be used with AGGREGATION");
  }
  refuseOption(args, "FILTER_BY_VALUE");
  const timestamps = parseTimestampFilter(args);
  const aggregation = buckets && { ...buckets, alignment: alignment ?? 0 };
  return { from, to, timestamps, limit, aggregation };
}

/** Parses the two timestamps after a key, both inclusive. */
export function parseBounds(args: ByteString[]): { from: number; to: number } {
  const from = args[1] === "-" ? 0 : parseTimestamp(args[1]);
  if (from === undefined) throw tsdbError("wrong fromTimestamp");
  const to = args[2] === "+" ? Number.MAX_SAFE_INTEGER : parseTimestamp(args[2]);
  if (to === undefined) throw tsdbError("wrong toTimestamp");
  return { from, to };
}

function parseTimestampFilter(args: ByteString[]): number[] | undefined {
  const index = findOption(args, "FILTER_BY_TS");
  if (index < 0) return undefined;
  const timestamps: number[] = [];
  for (const text of args.slice(index + 1, index + 1 + MAX_FILTER_TIMESTAMPS)) {
    const timestamp = parseTimestamp(text);
    if (timestamp === undefined) break;
    timestamps.push(timestamp);
  }
  if (timestamps.length > 0) return timestamps;
  throw tsdbError("FILTER_BY_TS one or more arguments are missing");
}

function parseCount(args: ByteString[]): number | undefined {
  let index = findOption(args, "COUNT");
  const aggregation = findOption(args, "AGGREGATION");
  // In `AGGREGATION COUNT` the word is the aggregator.
  if (aggregation >= 0 && index === aggregation + 1) {
    index = findOption(args, "COUNT", aggregation + 2);
  }
  if (index < 0) return undefined;
  const text = args[index + 1];
  if (text === undefined) throw tsdbError("COUNT argument is missing");
  const count = parseInteger(text);
  if (count === undefined) throw tsdbError("Couldn't parse COUNT");
  if (count < 1) throw tsdbError("Invalid COUNT value");
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}

function parseAggregation(
  args: ByteString[],
  command: string,
): Omit<Aggregation, "alignment"> | undefined {
  const index = findOption(args, "AGGREGATION");
  if (index < 0) return undefined;
  const duration = parseInteger(args[index + 2] ?? "");
  if (duration === undefined) throw tsdbError("Couldn't parse AGGREGATION");
  const aggregator = parseAggregator(args[index + 1] ?? "");
  if (aggregator === undefined) throw tsdbError("Unknown aggregation type");
  if (duration <= 0) throw tsdbError("bucketDuration must be greater than zero");
  const empty = parseEmpty(args, index);
  const bucketTimestamp = parseBucketTimestamp(args, index, command);
  const bucketDuration = Math.min(duration, Number.MAX_SAFE_INTEGER);
  return { aggregator, bucketDuration, empty, bucketTimestamp };
}

function parseEmpty(args: ByteString[], aggregation: number): boolean {
  const index = findOption(args, "EMPTY");
  if (index >= 0 && index !== aggregation + 3 && index !== aggregation + 5) {
    throw tsdbError("EMPTY flag should be the 3rd or 5th flag after AGGREGATION flag");
  }
  return index >= 0;
}

function parseBucketTimestamp(
  args: ByteString[],
  aggregation: number,
  command: string,
): Aggregation["bucketTimestamp"] {
  const index = findOption(args, "BUCKETTIMESTAMP");
  if (index < 0) return "start";
  if (index !== aggregation + 3 && index !== aggregation + 4) {
    throw tsdbError("BUCKETTIMESTAMP flag should be the 3rd or 4th flag after AGGREGATION flag");
  }
  const text = args[index + 1];
  if (text === undefined) throw wrongArity(command);
  const bucketTimestamp = BUCKET_TIMESTAMPS.get(text.toLowerCase());
  if (bucketTimestamp === undefined) throw tsdbError("unknown BUCKETTIMESTAMP parameter");
  return bucketTimestamp;
}

function parseAlignment(
  args: ByteString[],
  from: number,
  to: number,
  command: string,
): number | undefined {
  const index = findOption(args, "ALIGN");
  if (index < 0) return undefined;
  const text = args[index + 1]?.toLowerCase();
  if (text === undefined) throw wrongArity(command);
  if (text === "start" || text === "-") {
    if (args[1] !== "-") return from;
    throw tsdbError("start alignment can only be used with explicit start timestamp");
  }
  if (text === "end" || text === "+") {
    if (args[2] !== "+") return to;
    throw tsdbError("end alignment can only be used with explicit end timestamp");
  }
  const timestamp = parseTimestamp(text);
  if (timestamp === undefined) throw tsdbError("unknown ALIGN parameter");
  return timestamp;
}
