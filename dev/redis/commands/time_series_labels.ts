import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import { type Reply, wrongArity } from "../reply.ts";
import { querySeries } from "../series_query.ts";
import type { Label } from "../series_store.ts";
import { findOption, refuseOption, tsdbError } from "./time_series_options.ts";
import { parseRange } from "./time_series_range.ts";
import { newestReply, sampleReply } from "./time_series_read.ts";

/** The commands that find time series by their labels. */
export const LABEL_COMMANDS: CommandTable = {
  "ts.queryindex": { arity: -1, run: queryIndex },
  "ts.mrange": { arity: -1, run: readRanges },
  "ts.mget": { arity: -1, run: readNewestOfEach },
};

interface Found {
  readonly key: ByteString;
  readonly id: number;
  readonly labels: Label[];
}

/** A condition on the labels of a series, such as `metric=price` or `asset!=(btc,eth)`. */
interface Filter {
  readonly name: ByteString;
  readonly negated: boolean;
  /** Empty for `metric=`, which asks for series without the label. */
  readonly values: ByteString[];
}

const FILTER = /^(?<name>[^=!]+)(?<operator>!?=)(?:\((?<list>.*)\)|(?<value>.*))$/s;

function queryIndex(args: ByteString[], _client: Client, server: ServerContext): Reply {
  if (args.length === 0) throw wrongArity("ts.queryindex");
  return { set: findByLabels(server, args).map(({ key }) => key) };
}

function readRanges(args: ByteString[], { protocol }: Client, server: ServerContext): Reply {
  if (args.at(-1)?.toUpperCase() === "FILTER") {
    throw tsdbError("missing labels for filter argument");
  }
  const filters = filtersOf(args, "ts.mrange");
  const query = parseRange(["", ...args], "ts.mrange");
  refuseOption(args, "GROUPBY");
  const found = findByLabels(server, filters);
  const aggregators = query.aggregation === undefined ? [] : [query.aggregation.aggregator];
  const extra: Reply[] = protocol === 3 ? [{ map: [["aggregators", aggregators]] }] : [];
  return bySeries(args, found, ({ id }) => [
    ...extra,
    querySeries(server.database, id, query).map(sampleReply),
  ]);
}

function readNewestOfEach(args: ByteString[], _client: Client, server: ServerContext): Reply {
  const found = findByLabels(server, filtersOf(args, "ts.mget"));
  return bySeries(args, found, (series) => [newestReply(server, series)]);
}

/** RESP3 replies with a map from keys, RESP2 with a list that repeats each key before its values. */
function bySeries(args: ByteString[], found: Found[], values: (series: Found) => Reply[]): Reply {
  refuseOption(args, "SELECTED_LABELS");
  const withLabels = findOption(args, "WITHLABELS") >= 0;
  return {
    series: found.map((series) => ({
      key: series.key,
      values: [{ labels: withLabels ? series.labels : [] }, ...values(series)],
    })),
  };
}

function filtersOf(args: ByteString[], command: string): ByteString[] {
  const index = findOption(args, "FILTER");
  if (index < 0 || index + 1 === args.length) throw wrongArity(command);
  return args.slice(index + 1);
}

function findByLabels({ keyspace, series }: ServerContext, words: ByteString[]): Found[] {
  const filters = words.map(parseFilter);
  if (!filters.some(({ negated, values }) => !negated && values.length > 0)) {
    throw tsdbError("please provide at least one matcher");
  }
  return keyspace.list().filter(({ type }) => type === "series")
    .map(({ name: key, id }) => ({ key, id, labels: series.labels(id) }))
    .filter(({ labels }) => filters.every((filter) => isMatch(filter, labels)));
}

function parseFilter(word: ByteString): Filter {
  const { name, operator, list, value = "" } = FILTER.exec(word)?.groups ?? {};
  if (name === undefined) throw tsdbError("failed parsing labels");
  const values = list?.split(",") ?? (value === "" ? [] : [value]);
  return { name, negated: operator === "!=", values };
}

function isMatch({ name, negated, values }: Filter, labels: Label[]): boolean {
  const found = labels.filter((label) => label[0] === name).map(([, value]) => value);
  if (values.length === 0) return (found.length === 0) !== negated;
  return found.some((value) => values.includes(value)) !== negated;
}
