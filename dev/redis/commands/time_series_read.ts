import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import type { Entry } from "../keyspace.ts";
import { type Reply, ReplyError, wrongArity } from "../reply.ts";
import { querySeries, querySeriesBackwards, WHOLE_SERIES } from "../series_query.ts";
import type { Sample, SeriesId } from "../series_store.ts";
import { findOption, tsdbError } from "./time_series_options.ts";
import { parseRange } from "./time_series_range.ts";

/** The commands that read one time series. */
export const TIME_SERIES_READ_COMMANDS: CommandTable = {
  "ts.range": { arity: -1, run: readRange },
  "ts.revrange": { arity: -1, run: readRangeBackwards },
  "ts.get": { arity: -1, run: readNewest },
  "ts.info": { arity: -1, run: describe },
};

/** What a real server needs for a series without samples, about. */
const BASE_BYTES = 768;
const LABELS_BYTES = 96;
const LABEL_BYTES = 16;
const CHUNK_BYTES = 4096;

/** What a sample takes in a compressed chunk, about. */
const SAMPLE_BYTES = 6.5;

function readRange(args: ByteString[], _client: Client, server: ServerContext): Reply {
  if (args.length < 3) throw wrongArity("ts.range");
  const entry = findSeries(args, server);
  return querySeries(server.database, entry.id, parseRange(args, "ts.range")).map(sampleReply);
}

function readRangeBackwards(args: ByteString[], _client: Client, server: ServerContext): Reply {
  if (args.length < 3) throw wrongArity("ts.revrange");
  const entry = findSeries(args, server);
  return querySeriesBackwards(server.database, entry.id, parseRange(args, "ts.revrange")).map(
    sampleReply,
  );
}

function readNewest(args: ByteString[], _client: Client, server: ServerContext): Reply {
  if (args.length < 1 || args.length > 2) throw wrongArity("ts.get");
  const entry = findSeries(args, server);
  if (args.length === 2 && findOption(args, "LATEST") < 0) throw tsdbError("wrong 3rd argument");
  return newestReply(server, entry);
}

/** Returns the newest sample as a reply, or an empty list. */
export function newestReply({ database, series }: ServerContext, entry: SeriesId): Reply {
  const { newest } = series.open(entry);
  const [sample] = querySeries(database, entry.id, { ...WHOLE_SERIES, from: newest });
  return sample === undefined ? [] : sampleReply(sample);
}

/** Finds the series that the first argument names. */
export function findSeries([key = ""]: ByteString[], { keyspace }: ServerContext): Entry {
  const entry = keyspace.find(key);
  if (entry === undefined) throw tsdbError("the key does not exist");
  if (entry.type === "series") return entry;
  throw new ReplyError("ERR WRONGTYPE Operation against a key holding the wrong kind of value");
}

/** Returns a sample as a reply. */
export function sampleReply([timestamp, value]: Sample): Reply {
  return [timestamp, { double: value }];
}

/** The sizes are estimates: SQLite stores no chunks. */
function describe(args: ByteString[], { protocol }: Client, server: ServerContext): Reply {
  if (args.length < 1) throw wrongArity("ts.info");
  const entry = findSeries(args, server);
  const { retention, duplicatePolicy } = server.series.open(entry);
  const { count, oldest, newest } = server.series.extent(entry);
  const labels = server.series.labels(entry.id);
  const labelsBytes = labels.length === 0 ? 0 : LABELS_BYTES + labels.length * LABEL_BYTES;
  const chunks = Math.max(1, Math.ceil(count * SAMPLE_BYTES / CHUNK_BYTES));
  const fields: [name: string, value: Reply][] = [
    ["totalSamples", count],
    ["memoryUsage", BASE_BYTES + labelsBytes + chunks * CHUNK_BYTES],
    ["firstTimestamp", oldest],
    ["lastTimestamp", newest],
    ["retentionTime", retention],
    ["chunkCount", chunks],
    ["chunkSize", CHUNK_BYTES],
    ["chunkType", { status: "compressed" }],
    ["duplicatePolicy", { status: duplicatePolicy }],
    ["labels", { labels }],
    ["sourceKey", null],
    ["rules", { labels: [] }],
    ["ignoreMaxTimeDiff", 0],
    ["ignoreMaxValDiff", protocol === 3 ? { double: 0 } : "0"],
  ];
  return { map: fields.map(([name, value]) => [{ status: name }, value]) };
}
