import type { ByteString } from "./byte_string.ts";
import type { Client } from "./client.ts";
import { type Call, runCall } from "./call.ts";
import type { CommandTable, ServerContext } from "./command.ts";
import { CONNECTION_COMMANDS } from "./commands/connection.ts";
import { EXPIRY_COMMANDS } from "./commands/expiry.ts";
import { KEY_COMMANDS } from "./commands/keys.ts";
import { KEYSPACE_COMMANDS } from "./commands/keyspace.ts";
import { PUBSUB_COMMANDS } from "./commands/pubsub.ts";
import { SERVER_COMMANDS } from "./commands/server.ts";
import { TIME_SERIES_COMMANDS } from "./commands/time_series.ts";
import { LABEL_COMMANDS } from "./commands/time_series_labels.ts";
import { TIME_SERIES_READ_COMMANDS } from "./commands/time_series_read.ts";
import { abortTransaction, queueCall, TRANSACTION_COMMANDS } from "./commands/transactions.ts";
import { type Reply, ReplyError, wrongArity } from "./reply.ts";

const COMMANDS: CommandTable = {
  ...CONNECTION_COMMANDS,
  ...SERVER_COMMANDS,
  ...KEY_COMMANDS,
  ...EXPIRY_COMMANDS,
  ...KEYSPACE_COMMANDS,
  ...TIME_SERIES_COMMANDS,
  ...TIME_SERIES_READ_COMMANDS,
  ...LABEL_COMMANDS,
  ...PUBSUB_COMMANDS,
  ...TRANSACTION_COMMANDS,
};

/** An error repeats no more of a request than this. */
const MAX_ECHOED_CHARACTERS = 128;

/** Runs one request and sends its reply. */
export function execute(server: ServerContext, client: Client, request: ByteString[]): void {
  client.send(answer(server, client, request));
  for (const message of client.messagesAfterReply.splice(0)) client.send(message);
}

function answer(server: ServerContext, client: Client, request: ByteString[]): Reply {
  try {
    const call = admitCall(server, client, request);
    if (call instanceof ReplyError) return call;
    return queueCall(server, client, call) ?? runCall(server, client, call);
  } catch (error) {
    // A fault of this server, such as a full disk: the client learns the reason and can go on.
    return new ReplyError(`ERR ${error instanceof Error ? error.message : String(error)}`);
  }
}

function admitCall(
  server: ServerContext,
  client: Client,
  request: ByteString[],
): Call | ReplyError {
  try {
    const call = findCall(server, request);
    checkAllowed(server, client, call, request.length);
    return call;
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    return abortTransaction(client, request[0]?.toLowerCase() ?? "", error);
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

function unknownCommand(word: ByteString, args: ByteString[]): ReplyError {
  let echoed = "";
  for (const arg of args) {
    if (echoed.length >= MAX_ECHOED_CHARACTERS) break;
    echoed += `'${echo(arg).slice(0, MAX_ECHOED_CHARACTERS - echoed.length)}' `;
  }
  return new ReplyError(`ERR unknown command '${echo(word)}', with args beginning with: ${echoed}`);
}

/** Real servers print a word up to its first NUL. */
function echo(word: ByteString): string {
  return (word.split("\0", 1)[0] ?? "").slice(0, MAX_ECHOED_CHARACTERS);
}
