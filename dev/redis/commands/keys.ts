import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import { OK, type Reply, ReplyError } from "../reply.ts";
import { invalidExpiry, parseExpiry } from "./expiry.ts";

/** The commands on strings and on keys of any type. */
export const KEY_COMMANDS: CommandTable = {
  set: { arity: -3, run: setString },
  get: { arity: 2, run: getString },
  mget: { arity: -2, run: getStrings },
  incr: { arity: 2, run: increment },
  del: { arity: -2, run: deleteKeys },
  exists: { arity: -2, run: countKeys },
  flushall: { arity: -1, run: flushAll },
};

const MILLISECONDS_BY_UNIT: Readonly<Record<"EX" | "PX", number>> = { EX: 1000, PX: 1 };

interface SetOptions {
  condition?: "NX" | "XX";
  unit?: "EX" | "PX";
  duration?: ByteString;
  /** Whether the reply is the old value instead of `OK`. */
  returnsOldValue?: boolean;
}

function setString(args: ByteString[], _client: Client, server: ServerContext): Reply {
  const [key = "", value = "", ...words] = args;
  const { condition, unit, duration, returnsOldValue } = parseSetOptions(words);
  const now = server.now();
  const expiresAt = unit &&
    parseExpiry(duration ?? "", { command: "set", now, unitMs: MILLISECONDS_BY_UNIT[unit] });
  if (expiresAt !== undefined && expiresAt <= now) throw invalidExpiry("set");
  const oldValue = returnsOldValue ? server.keyspace.getString(key) ?? null : undefined;
  if (condition !== undefined) {
    const exists = server.keyspace.find(key) !== undefined;
    if (exists !== (condition === "XX")) return oldValue ?? null;
  }
  server.keyspace.setString(key, value, expiresAt);
  return oldValue === undefined ? OK : oldValue;
}

function parseSetOptions(words: ByteString[]): SetOptions {
  const options: SetOptions = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index]?.toUpperCase();
    if (word === "GET") {
      options.returnsOldValue = true;
    } else if ((word === "NX" || word === "XX") && (options.condition ?? word) === word) {
      options.condition = word;
    } else if (
      (word === "EX" || word === "PX") && (options.unit ?? word) === word &&
      index + 1 < words.length
    ) {
      options.unit = word;
      options.duration = words[++index] ?? "";
    } else {
      throw new ReplyError("ERR syntax error");
    }
  }
  return options;
}

function getString([key = ""]: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  return keyspace.getString(key) ?? null;
}

/** Keys of another type count as missing, unlike in `GET`. */
function getStrings(keys: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  return keys.map((key) =>
    keyspace.find(key)?.type === "string" ? keyspace.getString(key) ?? null : null
  );
}

function increment([key = ""]: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  return keyspace.increment(key);
}

function deleteKeys(keys: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  return keys.filter((key) => keyspace.delete(key)).length;
}

function countKeys(keys: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  return keys.filter((key) => keyspace.find(key) !== undefined).length;
}

function flushAll(args: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  const [mode] = args;
  if (args.length > 1 || (mode !== undefined && !/^(?:a?sync)$/i.test(mode))) {
    throw new ReplyError("ERR syntax error");
  }
  keyspace.clear();
  return OK;
}
