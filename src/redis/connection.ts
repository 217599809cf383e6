import { type Cluster, Redis } from "ioredis";
import { COMMAND_TIMEOUT_MS } from "./command.ts";
import { KeyedCluster } from "./keyed_cluster.ts";

// Together these keep every answer under 2.5 s and a recovery under 5 s.
const CONNECT_TIMEOUT_MS = 1_000;
const SOCKET_TIMEOUT_MS = 1_500;
const MAX_RETRY_DELAY_MS = 1_000;
const MAX_LOADING_RETRY_MS = 1_000;

const BOUNDS = {
  lazyConnect: true,
  // Under RESP3 older servers take more than twice as long to write a range of doubles.
  protocol: 2,
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // Without it a server that accepts and never answers is never let go.
  socketTimeout: SOCKET_TIMEOUT_MS,
  maxRetriesPerRequest: 1,
  // It would need a right that older servers can't even grant.
  disableClientInfo: true,
  maxLoadingRetryTime: MAX_LOADING_RETRY_MS,
  // After a failover the old master stays connected, as a replica: a new connection finds the new one.
  reconnectOnError: ({ message }: Error) => message.startsWith("READONLY"),
} as const;

/** A connection to one server or to a cluster. */
export type Connection = Redis | Cluster;

/** Hears of a connection's changes: once each, not once per attempt or command. */
export interface ConnectionListener {
  onReady(): void;
  onLost(error: Error): void;
}

/** How to connect. */
export interface ConnectionOptions {
  /** The certificate authority of `rediss://`, in PEM. @default those Deno trusts */
  ca?: string | undefined;
}

/** Connects to the server that a URL names, or to the cluster that several name, between commas. */
export function connect(
  urls: string,
  listener: ConnectionListener,
  options: ConnectionOptions = {},
): Connection {
  const nodes = urls.split(",");
  return nodes.length > 1
    ? connectCluster(nodes, listener, options)
    : connectRedis(urls, listener, options);
}

/** Connects when the first command is sent, and again whenever the connection is lost. */
export function connectRedis(
  url: string,
  listener: ConnectionListener,
  options: ConnectionOptions = {},
): Redis {
  const redis = new Redis(url, {
    ...BOUNDS,
    ...tlsOf(url, options),
    retryStrategy: retryDelay,
  });
  announceChanges(redis, listener);
  return redis;
}

function connectCluster(
  nodes: readonly string[],
  listener: ConnectionListener,
  options: ConnectionOptions,
): Cluster {
  const [first = ""] = nodes;
  const cluster = new KeyedCluster([...nodes], {
    lazyConnect: true,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    clusterRetryStrategy: retryDelay,
    // Nodes that the cluster tells of have no URL of their own.
    redisOptions: { ...BOUNDS, ...credentialsOf(first), ...tlsOf(first, options) },
  });
  announceChanges(cluster, listener);
  return cluster;
}

function retryDelay(attempt: number): number {
  return Math.min(attempt * 100, MAX_RETRY_DELAY_MS);
}

function credentialsOf(url: string) {
  const { username, password } = new URL(url);
  return {
    ...username && { username: decodeURIComponent(username) },
    ...password && { password: decodeURIComponent(password) },
  };
}

function tlsOf(url: string, { ca }: ConnectionOptions) {
  if (!url.startsWith("rediss:")) return {};
  return { tls: ca === undefined ? {} : { ca } };
}

function announceChanges(connection: Connection, listener: ConnectionListener): void {
  let lost = false;
  connection.on("ready", () => {
    lost = false;
    listener.onReady();
  });
  connection.on("error", (error: Error) => {
    if (!lost) listener.onLost(error);
    lost = true;
  });
}

/** Closes a connection: politely where Redis answers, at once where it does not. */
export async function closeRedis(connection: Connection): Promise<void> {
  if (connection.status !== "ready") return connection.disconnect();
  await connection.quit().catch(() => connection.disconnect());
}
