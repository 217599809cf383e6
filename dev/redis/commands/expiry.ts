import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import { parseInteger } from "../numbers.ts";
import { notAnInteger, type Reply, ReplyError } from "../reply.ts";

/** The commands on when a key expires. */
export const EXPIRY_COMMANDS: CommandTable = {
  pexpire: { arity: -3, run: expire },
  ttl: { arity: 2, run: timeToLive },
};

const TTL_OF_NO_KEY = -2;
const TTL_OF_NO_EXPIRY = -1;

/** Whether the option lets a new expiry replace the current one, both in Unix milliseconds. */
const IS_ALLOWED_BY: ReadonlyMap<string, (next: number, current?: number) => boolean> = new Map([
  ["NX", (_next, current) => current === undefined],
  ["XX", (_next, current) => current !== undefined],
  // A key without an expiry counts as one that never ends.
  ["GT", (next, current = Infinity) => next > current],
  ["LT", (next, current = Infinity) => next < current],
]);

function expire(args: ByteString[], _client: Client, { keyspace, now }: ServerContext): Reply {
  const [key = "", duration = "", ...words] = args;
  const options = parseOptions(words);
  const expiresAt = parseExpiry(duration, { command: "pexpire", now: now() });
  const entry = keyspace.find(key);
  if (entry === undefined) return 0;
  for (const option of options) {
    if (!IS_ALLOWED_BY.get(option)?.(expiresAt, entry.expiresAt)) return 0;
  }
  keyspace.expire(entry, expiresAt);
  return 1;
}

function parseOptions(words: ByteString[]): Set<string> {
  const options = new Set<string>();
  for (const word of words) {
    const option = word.toUpperCase();
    if (!IS_ALLOWED_BY.has(option)) throw new ReplyError(`ERR Unsupported option ${word}`);
    options.add(option);
  }
  if (options.has("NX") && options.size > 1) {
    throw new ReplyError(
      "ERR NX and XX, GT or LT options at the same time are not compatible",
    );
  }
  if (options.has("GT") && options.has("LT")) {
    throw new ReplyError("ERR GT and LT options at the same time are not compatible");
  }
  return options;
}

/** Parses a duration and returns the Unix milliseconds at which it ends. */
export function parseExpiry(
  text: ByteString,
  { command, now, unitMs = 1 }: { command: string; now: number; unitMs?: number },
): number {
  const duration = parseInteger(text);
  if (duration === undefined) throw notAnInteger();
  const expiresAt = now + duration * unitMs;
  if (expiresAt <= Number.MAX_SAFE_INTEGER) return expiresAt;
  throw invalidExpiry(command);
}

/** Creates the error for a duration that the command does not take. */
export function invalidExpiry(command: string): ReplyError {
  return new ReplyError(`ERR invalid expire time in '${command}' command`);
}

function timeToLive([key = ""]: ByteString[], _client: Client, server: ServerContext): Reply {
  const entry = server.keyspace.find(key);
  if (entry === undefined) return TTL_OF_NO_KEY;
  if (entry.expiresAt === undefined) return TTL_OF_NO_EXPIRY;
  return Math.round((entry.expiresAt - server.now()) / 1000);
}
