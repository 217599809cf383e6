import type { ByteString } from "../byte_string.ts";
import { parseInteger } from "../numbers.ts";
import { ReplyError, wrongArity } from "../reply.ts";
import {
  type DuplicatePolicy,
  type Label,
  parseDuplicatePolicy,
  type SeriesOptions,
} from "../series_store.ts";

const MIN_CHUNK_BYTES = 48;
const MAX_CHUNK_BYTES = 1_048_576;
const ENCODINGS: readonly string[] = ["compressed", "uncompressed"];
const FORBIDDEN_IN_LABELS = /[(),]/;

/** An error of the time series module. */
export function tsdbError(text: string): ReplyError {
  return new ReplyError(`ERR TSDB: ${text}`);
}

/** Returns the index of an option at any position, as the module does, or -1. */
export function findOption(args: ByteString[], name: string, from = 0): number {
  return args.findIndex((arg, index) =>
    index >= from && arg.length === name.length && arg.toUpperCase() === name
  );
}

/** Refuses an option that this server lacks; ignoring it would return wrong data. */
export function refuseOption(args: ByteString[], name: string): void {
  if (findOption(args, name) >= 0) throw tsdbError(`${name} is not supported by this server`);
}

/** Parses a timestamp of a query; larger ones than JavaScript's exact integers are cut to those. */
export function parseTimestamp(text: ByteString | undefined): number | undefined {
  const timestamp = parseInteger(text ?? "");
  if (timestamp === undefined || timestamp < 0) return undefined;
  return Math.min(timestamp, Number.MAX_SAFE_INTEGER);
}

/**
 * Parses the options of `TS.CREATE`. Chunk size and encoding are checked and then ignored: SQLite
 * stores no chunks, and `TS.INFO` tells the defaults.
 */
export function parseSeriesOptions(args: ByteString[], command: string): SeriesOptions {
  const labels = parseLabels(args);
  const retention = parseRetention(args);
  checkChunkSize(args);
  checkEncoding(args, command);
  const duplicatePolicy = parsePolicyOption(args, "DUPLICATE_POLICY");
  refuseOption(args, "IGNORE");
  return { retention, duplicatePolicy, labels };
}

/** Parses an option whose value is a duplicate policy. */
export function parsePolicyOption(args: ByteString[], name: string): DuplicatePolicy | undefined {
  const index = findOption(args, name);
  if (index < 0) return undefined;
  const text = args[index + 1];
  if (text === undefined) throw tsdbError("Couldn't parse DUPLICATE_POLICY");
  const policy = parseDuplicatePolicy(text);
  if (policy === undefined) throw tsdbError("Unknown DUPLICATE_POLICY");
  return policy;
}

function parseLabels(args: ByteString[]): Label[] | undefined {
  const index = findOption(args, "LABELS");
  if (index < 0) return undefined;
  const labels: Label[] = [];
  for (let label = index + 1; label + 1 < args.length; label += 2) {
    const [name = "", value = ""] = args.slice(label, label + 2);
    if (name === "" || value === "" || FORBIDDEN_IN_LABELS.test(value)) {
      throw tsdbError("Couldn't parse LABELS");
    }
    labels.push([name, value]);
  }
  return labels;
}

function parseRetention(args: ByteString[]): number | undefined {
  const index = findOption(args, "RETENTION");
  if (index < 0) return undefined;
  const retention = parseInteger(args[index + 1] ?? "");
  if (retention === undefined) throw tsdbError("Couldn't parse RETENTION");
  // Real servers send this error without a code.
  if (retention < 0) throw new ReplyError("TSDB: Couldn't parse RETENTION");
  return Math.min(retention, Number.MAX_SAFE_INTEGER);
}

function checkChunkSize(args: ByteString[]): void {
  const index = findOption(args, "CHUNK_SIZE");
  if (index < 0) return;
  const bytes = parseInteger(args[index + 1] ?? "");
  if (bytes === undefined) throw tsdbError("Couldn't parse CHUNK_SIZE");
  if (bytes < MIN_CHUNK_BYTES || bytes > MAX_CHUNK_BYTES || bytes % 8 !== 0) {
    throw tsdbError(
      `CHUNK_SIZE value must be a multiple of 8 in the range ` +
        `[${MIN_CHUNK_BYTES} .. ${MAX_CHUNK_BYTES}]`,
    );
  }
}

function checkEncoding(args: ByteString[], command: string): void {
  const index = findOption(args, "ENCODING");
  if (index < 0) return;
  const encoding = args[index + 1];
  if (encoding === undefined) throw wrongArity(command);
  if (!ENCODINGS.includes(encoding.toLowerCase())) throw tsdbError("unknown ENCODING parameter");
}
