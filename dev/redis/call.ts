import type { ByteString } from "./byte_string.ts";
import type { Client } from "./client.ts";
import type { Command, ServerContext } from "./command.ts";
import { type Reply, ReplyError } from "./reply.ts";

/** A command with the arguments of one request. */
export interface Call {
  /** As in `INFO commandstats`: `get`, `config|resetstat`. */
  readonly name: string;
  readonly command: Command;
  readonly args: ByteString[];
}

/** Runs a call, counts it and returns its reply; throws only on a fault of this server. */
export function runCall(server: ServerContext, client: Client, call: Call): Reply {
  const start = performance.now();
  let failed = true;
  try {
    const reply = runCommand(server, client, call);
    failed = reply instanceof ReplyError;
    return reply;
  } finally {
    server.stats.record(call.name, (performance.now() - start) * 1000, failed);
  }
}

function runCommand(server: ServerContext, client: Client, { command, args }: Call): Reply {
  try {
    return command.run(args, client, server);
  } catch (error) {
    if (error instanceof ReplyError) return error;
    throw error;
  }
}
