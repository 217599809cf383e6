import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import type { Entry } from "../keyspace.ts";
import { parseInteger, parseValue } from "../numbers.ts";
import { OK, type Reply, ReplyError, wrongArity } from "../reply.ts";
import type { Sample, Series } from "../series_store.ts";
import { parsePolicyOption, parseSeriesOptions, tsdbError } from "./time_series_options.ts";
import { parseBounds } from "./time_series_range.ts";
import { findSeries } from "./time_series_read.ts";

/** The commands that change time series. Like the module's, they check the argument count themselves. */
export const TIME_SERIES_COMMANDS: CommandTable = {
  "ts.create": { arity: -1, run: createSeries },
  "ts.alter": { arity: -1, run: alterSeries },
  "ts.add": { arity: -1, run: addSample },
  "ts.madd": { arity: -1, run: addSamples },
  "ts.del": { arity: -1, run: deleteSamples },
};

const NOT_A_SERIES = tsdbError("the key is not a TSDB key");
const INVALID_VALUE = tsdbError("invalid value");
const INVALID_TIMESTAMP = tsdbError("invalid timestamp");
const NEGATIVE_TIMESTAMP = tsdbError("invalid timestamp, must be a nonnegative integer");

function createSeries(
  args: ByteString[],
  _client: Client,
  { keyspace, series }: ServerContext,
): Reply {
  const [key] = args;
  if (key === undefined) throw wrongArity("ts.create");
  const options = parseSeriesOptions(args, "ts.create");
  if (keyspace.find(key) !== undefined) throw tsdbError("key already exists");
  series.create(key, options);
  return OK;
}

function alterSeries(args: ByteString[], _client: Client, server: ServerContext): Reply {
  if (args.length === 0) throw wrongArity("ts.alter");
  const entry = findSeries(args, server);
  const options = parseSeriesOptions(args, "ts.alter");
  server.database.transaction(() => server.series.alter(entry, options));
  return OK;
}

function addSample(args: ByteString[], _client: Client, server: ServerContext): Reply {
  const [key, timestamp, value] = args;
  if (key === undefined || timestamp === undefined || value === undefined) {
    throw wrongArity("ts.add");
  }
  const sample = parseSample(timestamp, value, server.now());
  if (sample instanceof ReplyError) return sample;
  return server.database.transaction(() => {
    const existing = server.keyspace.find(key);
    const series = existing === undefined
      ? server.series.create(key, parseSeriesOptions(args, "ts.add"))
      : openSeries(server, existing);
    if (series === undefined) return NOT_A_SERIES;
    const policy = existing && parsePolicyOption(args, "ON_DUPLICATE");
    const reply = server.series.add(series, sample, policy);
    server.series.trim(series);
    return reply;
  });
}

function addSamples(args: ByteString[], _client: Client, server: ServerContext): Reply {
  if (args.length === 0 || args.length % 3 !== 0) throw wrongArity("ts.madd");
  const now = server.now();
  const opened = new Map<ByteString, Series | undefined>();
  const replies: Reply[] = [];
  server.database.transaction(() => {
    for (let index = 0; index < args.length; index += 3) {
      const [key = "", timestamp = "", value = ""] = args.slice(index, index + 3);
      const sample = parseSample(timestamp, value, now);
      if (!opened.has(key)) opened.set(key, openSeries(server, server.keyspace.find(key)));
      replies.push(addTo(opened.get(key), sample, server));
    }
    for (const series of opened.values()) if (series !== undefined) server.series.trim(series);
  });
  return replies;
}

function addTo(
  series: Series | undefined,
  sample: Sample | ReplyError,
  server: ServerContext,
): Reply {
  if (sample instanceof ReplyError) return sample;
  return series === undefined ? NOT_A_SERIES : server.series.add(series, sample);
}

function openSeries(server: ServerContext, entry: Entry | undefined): Series | undefined {
  return entry?.type === "series" ? server.series.open(entry) : undefined;
}

function parseSample(
  timestampText: ByteString,
  valueText: ByteString,
  now: number,
): Sample | ReplyError {
  const value = parseValue(valueText);
  if (value === undefined) return INVALID_VALUE;
  const timestamp = timestampText === "*" ? now : parseInteger(timestampText);
  if (timestamp === undefined || timestamp > Number.MAX_SAFE_INTEGER) return INVALID_TIMESTAMP;
  return timestamp < 0 ? NEGATIVE_TIMESTAMP : [timestamp, value];
}

function deleteSamples(args: ByteString[], _client: Client, server: ServerContext): Reply {
  if (args.length !== 3) throw wrongArity("ts.del");
  const entry = findSeries(args, server);
  const { from, to } = parseBounds(args);
  return server.series.deleteSamples(entry, from, to);
}
