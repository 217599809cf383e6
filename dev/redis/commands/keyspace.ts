import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import { globMatcher } from "../glob.ts";
import type { KeyType } from "../keyspace.ts";
import { parseInteger } from "../numbers.ts";
import { notAnInteger, type Reply, ReplyError } from "../reply.ts";

/** The commands that look at all keys. */
export const KEYSPACE_COMMANDS: CommandTable = {
  keys: { arity: 2, run: listKeys },
  scan: { arity: -2, run: scanKeys },
  type: { arity: 2, run: typeOf },
  dbsize: { arity: 1, run: countAll },
};

const TYPE_NAMES: Readonly<Record<KeyType, string>> = { string: "string", series: "TSDB-TYPE" };
const CURSOR = /^\d{1,20}$/;
const END_OF_SCAN = "0";

function listKeys([pattern = ""]: ByteString[], _client: Client, server: ServerContext): Reply {
  return server.keyspace.list().map(({ name }) => name).filter(globMatcher(pattern));
}

/** Returns all keys at once, so that the first reply is also the last. */
function scanKeys(args: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  const [cursor = "", ...words] = args;
  if (!CURSOR.test(cursor)) throw new ReplyError("ERR invalid cursor");
  const { pattern, type } = parseScanOptions(words);
  const isMatch = globMatcher(pattern);
  const keys = cursor === END_OF_SCAN ? keyspace.list() : [];
  const found = keys.filter((key) =>
    isMatch(key.name) && (type === undefined || TYPE_NAMES[key.type].toLowerCase() === type)
  );
  return [END_OF_SCAN, found.map(({ name }) => name)];
}

function parseScanOptions(words: ByteString[]): { pattern: ByteString; type: string | undefined } {
  let pattern = "*";
  let type: string | undefined;
  for (let index = 0; index < words.length; index += 2) {
    const value = words[index + 1];
    const option = value === undefined ? undefined : words[index]?.toUpperCase();
    if (option === "MATCH") pattern = value ?? "";
    else if (option === "TYPE") type = value?.toLowerCase();
    else if (option === "COUNT") checkCount(value ?? "");
    else throw new ReplyError("ERR syntax error");
  }
  return { pattern, type };
}

function checkCount(text: ByteString): void {
  const count = parseInteger(text);
  if (count === undefined) throw notAnInteger();
  if (count < 1) throw new ReplyError("ERR syntax error");
}

function typeOf([key = ""]: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  const entry = keyspace.find(key);
  return { status: entry === undefined ? "none" : TYPE_NAMES[entry.type] };
}

function countAll(_args: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  return keyspace.list().length;
}
