import type { ByteString } from "../byte_string.ts";
import { type Call, runCall } from "../call.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import { OK, type Reply, ReplyError } from "../reply.ts";

/** The commands that run several calls as one. */
export const TRANSACTION_COMMANDS: CommandTable = {
  multi: { arity: 1, run: startTransaction, runsInsideTransaction: true },
  exec: { arity: 1, run: runTransaction, runsInsideTransaction: true },
  discard: { arity: 1, run: discardTransaction, runsInsideTransaction: true },
};

const QUEUED: Reply = { status: "QUEUED" };
const ERROR_CODE = /^ERR /;

/** Queues a call for `EXEC`, or returns `undefined` when it must run at once. */
export function queueCall(server: ServerContext, client: Client, call: Call): Reply | undefined {
  const { transaction } = client;
  if (transaction === undefined || call.command.runsInsideTransaction) return undefined;
  transaction.calls.push(() => runCall(server, client, call));
  return QUEUED;
}

/** Marks the open transaction as aborted by a refused request, and returns the error to reply. */
export function abortTransaction(client: Client, command: string, error: ReplyError): ReplyError {
  if (client.transaction !== undefined) client.transaction.aborted = true;
  if (command !== "exec") return error;
  client.transaction = undefined;
  const reason = error.message.replace(ERROR_CODE, "");
  return new ReplyError(`EXECABORT Transaction discarded because of: ${reason}`);
}

function startTransaction(_args: ByteString[], client: Client): Reply {
  // Redis does not abort the open transaction here.
  if (client.transaction !== undefined) throw new ReplyError("ERR MULTI calls can not be nested");
  client.transaction = { calls: [], aborted: false };
  return OK;
}

/** An error reply undoes nothing, as in Redis; a fault of this server undoes every call. */
function runTransaction(_args: ByteString[], client: Client, server: ServerContext): Reply {
  const { transaction } = client;
  if (transaction === undefined) throw new ReplyError("ERR EXEC without MULTI");
  client.transaction = undefined;
  if (transaction.aborted) {
    throw new ReplyError("EXECABORT Transaction discarded because of previous errors.");
  }
  return server.database.transaction(() => transaction.calls.map((run) => run()));
}

function discardTransaction(_args: ByteString[], client: Client): Reply {
  if (client.transaction === undefined) throw new ReplyError("ERR DISCARD without MULTI");
  client.transaction = undefined;
  return OK;
}
