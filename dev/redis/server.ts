import type { ServerContext } from "./command.ts";
import { CommandStats } from "./command_stats.ts";
import { Connection } from "./connection.ts";
import { Database } from "./database.ts";
import { execute } from "./dispatcher.ts";
import { Keyspace } from "./keyspace.ts";
import { PubSub } from "./pubsub.ts";
import { SeriesStore } from "./series_store.ts";

/** Where an embedded server listens and where it stores its data. */
export interface EmbeddedRedisOptions {
  /** @default "127.0.0.1" */
  hostname?: string;
  /** 0 means any free port. @default 0 */
  port?: number;
  /** A SQLite file that keeps the data across restarts. @default ":memory:" */
  path?: string;
  /** The clock, in Unix milliseconds. @default Date.now */
  now?: () => number;
}

/**
 * Starts a Redis-compatible server in this process.
 *
 * @throws {Deno.errors.AddrInUse} when the port is taken
 */
export function startEmbeddedRedis(options: EmbeddedRedisOptions = {}): EmbeddedRedis {
  const { hostname = "127.0.0.1", port = 0, path = ":memory:", now = Date.now } = options;
  const listener = Deno.listen({ hostname, port });
  try {
    return new EmbeddedRedis(listener, new Database(path), now);
  } catch (error) {
    listener.close();
    throw error;
  }
}

/** A running server. */
export class EmbeddedRedis implements AsyncDisposable {
  #listener: Deno.TcpListener;
  #context: ServerContext;
  #connections = new Map<Connection, Promise<void>>();
  #accepting: Promise<void>;
  #closing: Promise<void> | undefined;

  /** Serves the clients of a listener; use `startEmbeddedRedis` instead. */
  constructor(listener: Deno.TcpListener, database: Database, now: () => number) {
    this.#listener = listener;
    this.#context = {
      database,
      keyspace: new Keyspace(database, now),
      series: new SeriesStore(database),
      pubsub: new PubSub(),
      stats: new CommandStats(),
      port: listener.addr.port,
      now,
    };
    this.#accepting = this.#accept();
  }

  /** The port listened on. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** The address in the form that Redis clients expect. */
  get url(): string {
    return `redis://${this.#listener.addr.hostname}:${this.port}`;
  }

  /** Closes all connections and the database; a second call waits for the first. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** Same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    for (const connection of this.#connections.keys()) connection.close();
    await Promise.all(this.#connections.values());
    this.#context.database.close();
  }

  async #accept(): Promise<void> {
    let lastId = 0;
    for await (const socket of this.#listener) {
      const connection = new Connection(socket, ++lastId);
      this.#connections.set(connection, this.#serve(connection));
    }
  }

  async #serve(connection: Connection): Promise<void> {
    await connection.serve((client, request) => execute(this.#context, client, request));
    this.#context.pubsub.leave(connection);
    this.#connections.delete(connection);
  }
}
