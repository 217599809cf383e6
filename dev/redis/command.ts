import type { ByteString } from "./byte_string.ts";
import type { Client } from "./client.ts";
import type { CommandStats } from "./command_stats.ts";
import type { Database } from "./database.ts";
import type { Keyspace } from "./keyspace.ts";
import type { PubSub } from "./pubsub.ts";
import type { Reply } from "./reply.ts";
import type { SeriesStore } from "./series_store.ts";

/** The version of Redis that this server reports and whose replies it copies. */
export const REDIS_VERSION = "8.6.3";

/** What every command can use. */
export interface ServerContext {
  readonly database: Database;
  readonly keyspace: Keyspace;
  readonly series: SeriesStore;
  readonly pubsub: PubSub;
  readonly stats: CommandStats;
  /** The port listened on. */
  readonly port: number;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Runs a command and returns its reply, or throws a `ReplyError`. */
export type CommandHandler = (
  args: ByteString[],
  client: Client,
  server: ServerContext,
) => Reply;

/** A command and the rules that the dispatcher checks before it runs. */
export interface Command {
  /** The number of words in a request, with the command's name; negative for a minimum. */
  readonly arity: number;
  readonly run: CommandHandler;
  /** Whether a RESP2 client may call it while it is subscribed to channels. @default false */
  readonly allowedWhileSubscribed?: boolean;
  /** Whether it runs at once after `MULTI` instead of being queued. @default false */
  readonly runsInsideTransaction?: boolean;
}

/** A command that only has subcommands, such as `CLIENT`. */
export interface CommandGroup {
  readonly subcommands: Readonly<Record<string, Command>>;
}

/** Commands by their name in lower case. */
export type CommandTable = Readonly<Record<string, Command | CommandGroup>>;
