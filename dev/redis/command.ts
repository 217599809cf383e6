import type { ByteString } from "./byte_string.ts";
import type { Client } from "./client.ts";
import type { CommandStats } from "./command_stats.ts";
import type { Database } from "./database.ts";
import type { Keyspace } from "./keyspace.ts";
import type { PubSub } from "./pubsub.ts";
import type { Reply } from "./reply.ts";
import type { SeriesStore } from "./series_store.ts";

/** The version of Redis whose answers these are. */
export const REDIS_VERSION = "8.0.2";

/** What all commands work on. */
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

/** Runs a command; `undefined` says that it has sent its replies itself. */
export type CommandHandler = (
  args: ByteString[],
  client: Client,
  server: ServerContext,
) => Reply | undefined;

/** A command as the dispatcher needs to know it. */
export interface Command {
  /** Words of a call, the command's name among them; negative: at least as many. */
  readonly arity: number;
  readonly run: CommandHandler;
  /** Whether a RESP2 client may call it while it listens to channels. @default false */
  readonly allowedWhileSubscribed?: boolean;
}

/** A command that is only a name for others, such as `CLIENT`. */
export interface CommandGroup {
  readonly subcommands: Readonly<Record<string, Command>>;
}

/** Commands by their name in lower case. */
export type CommandTable = Readonly<Record<string, Command | CommandGroup>>;
