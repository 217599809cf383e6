import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import { parseInteger } from "../numbers.ts";
import { OK, type Reply, ReplyError } from "../reply.ts";

/** The commands on strings, and on keys of any type. */
export const KEY_COMMANDS: CommandTable = {
  set: { arity: -3, run: setString },
  get: { arity: 2, run: getString },
  ttl: { arity: 2, run: timeToLive },
  del: { arity: -2, run: deleteKeys },
  exists: { arity: -2, run: countKeys },
  flushall: { arity: -1, run: flushAll },
};

const TTL_OF_NO_KEY = -2;
const TTL_OF_NO_EXPIRY = -1;
const MILLISECONDS_BY_UNIT: Readonly<Record<"EX" | "PX", number>> = { EX: 1000, PX: 1 };

interface SetOptions {
  readonly condition?: "NX" | "XX";
  readonly unit?: "EX" | "PX";
  readonly duration?: ByteString;
}

function setString(args: ByteString[], _client: Client, server: ServerContext): Reply {
  const [key = "", value = "", ...words] = args;
  const { condition, unit, duration } = parseSetOptions(words);
  const expiresAt = unit && parseExpiry(duration ?? "", MILLISECONDS_BY_UNIT[unit], server.now());
  if (condition !== undefined) {
    const exists = server.keyspace.find(key) !== undefined;
    if (exists !== (condition === "XX")) return null;
  }
  server.keyspace.setString(key, value, expiresAt);
  return OK;
}

function parseSetOptions(words: ByteString[]): SetOptions {
  let options: SetOptions = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index]?.toUpperCase();
    if ((word === "NX" || word === "XX") && (options.condition ?? word) === word) {
      options = { ...options, condition: word };
    } else if (
      (word === "EX" || word === "PX") && (options.unit ?? word) === word &&
      index + 1 < words.length
    ) {
      options = { ...options, unit: word, duration: words[++index] ?? "" };
    } else {
      throw new ReplyError("ERR syntax error");
    }
  }
  return options;
}

function parseExpiry(text: ByteString, millisecondsPerUnit: number, now: number): number {
  const duration = parseInteger(text);
  if (duration === undefined) {
    throw new ReplyError("ERR value is not an integer or out of range");
  }
  const expiresAt = now + duration * millisecondsPerUnit;
  if (duration <= 0 || !Number.isSafeInteger(expiresAt)) {
    throw new ReplyError("ERR invalid expire time in 'set' command");
  }
  return expiresAt;
}

function getString([key = ""]: ByteString[], _client: Client, { keyspace }: ServerContext): Reply {
  return keyspace.getString(key) ?? null;
}

function timeToLive([key = ""]: ByteString[], _client: Client, server: ServerContext): Reply {
  const entry = server.keyspace.find(key);
  if (entry === undefined) return TTL_OF_NO_KEY;
  if (entry.expiresAt === undefined) return TTL_OF_NO_EXPIRY;
  return Math.round((entry.expiresAt - server.now()) / 1000);
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
