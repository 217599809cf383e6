import type { ByteString } from "./byte_string.ts";
import type { Client } from "./client.ts";
import type { Command, CommandTable, ServerContext } from "./command.ts";
import { CONNECTION_COMMANDS } from "./commands/connection.ts";
import { KEY_COMMANDS } from "./commands/keys.ts";
import { PUBSUB_COMMANDS } from "./commands/pubsub.ts";
import { SERVER_COMMANDS } from "./commands/server.ts";
import { TIME_SERIES_COMMANDS } from "./commands/time_series.ts";
import { type Reply, ReplyError, wrongArity } from "./reply.ts";

const COMMANDS: CommandTable = {
  ...CONNECTION_COMMANDS,
  ...SERVER_COMMANDS,
  ...KEY_COMMANDS,
  ...TIME_SERIES_COMMANDS,
  ...PUBSUB_COMMANDS,
};

/** How much of a request an error repeats. */
const MAX_ECHOED_CHARACTERS = 128;

interface Call {
  /** As `INFO commandstats` has it: `get`, `config|resetstat`. */
  readonly name: string;
  readonly command: Command;
  readonly args: ByteString[];
}

/** Answers one request. */
export function execute(server: ServerContext, client: Client, request: ByteString[]): void {
  try {
    const call = findCall(server, request);
    checkAllowed(server, client, call, request.length);
    const reply = runTimed(server, client, call);
    if (reply !== undefined) client.send(reply);
  } catch (error) {
    client.send(toReplyError(error));
  }
}

function findCall(server: ServerContext, request: ByteString[]): Call {
  const [word = "", ...args] = request;
  const name = word.toLowerCase();
  const found = lookUp(COMMANDS, name);
  if (found === undefined) throw unknownCommand(word, args);
  if ("run" in found) return { name, command: found, args };
  const [subword, ...rest] = args;
  if (subword === undefined) {
    server.stats.reject(name);
    throw wrongArity(name);
  }
  const subname = subword.toLowerCase();
  const command = lookUp(found.subcommands, subname);
  if (command === undefined) {
    throw new ReplyError(
      `ERR unknown subcommand '${echo(subword)}'. Try ${name.toUpperCase()} HELP.`,
    );
  }
  return { name: `${name}|${subname}`, command, args: rest };
}

function lookUp<Found>(table: Readonly<Record<string, Found>>, name: string): Found | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function checkAllowed(
  { stats }: ServerContext,
  client: Client,
  { name, command }: Call,
  words: number,
): void {
  const { arity, allowedWhileSubscribed = false } = command;
  if (arity < 0 ? words < -arity : words !== arity) {
    stats.reject(name);
    throw wrongArity(name);
  }
  if (client.protocol === 2 && client.subscriptions.size > 0 && !allowedWhileSubscribed) {
    stats.reject(name);
    throw new ReplyError(
      `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET ` +
        "are allowed in this context",
    );
  }
}

function runTimed(
  server: ServerContext,
  client: Client,
  { name, command, args }: Call,
): Reply | undefined {
  const start = performance.now();
  let failed = true;
  try {
    const reply = command.run(args, client, server);
    failed = reply instanceof ReplyError;
    return reply;
  } finally {
    server.stats.record(name, (performance.now() - start) * 1000, failed);
  }
}

function unknownCommand(word: ByteString, args: ByteString[]): ReplyError {
  let echoed = "";
  for (const arg of args) {
    if (echoed.length >= MAX_ECHOED_CHARACTERS) break;
    echoed += `'${echo(arg).slice(0, MAX_ECHOED_CHARACTERS - echoed.length)}' `;
  }
  return new ReplyError(`ERR unknown command '${echo(word)}', with args beginning with: ${echoed}`);
}

/** Real servers print words up to their first NUL. */
function echo(word: ByteString): string {
  return (word.split("\0", 1)[0] ?? "").slice(0, MAX_ECHOED_CHARACTERS);
}

/** Of a fault of this server, such as a full disk, the client learns the reason and goes on. */
function toReplyError(error: unknown): ReplyError {
  if (error instanceof ReplyError) return error;
  return new ReplyError(`ERR ${error instanceof Error ? error.message : String(error)}`);
}
