import { Cluster, Redis } from "ioredis";
import { COMMAND_TIMEOUT_MS, type Refusals } from "./command.ts";
import { guardNode } from "./guard.ts";

const DEFAULT_PORT = 6379;

const MAX_RETRY_DELAY_MS = 1_000;

const MAX_LOADING_RETRY_MS = 1_000;

/** How long a connection waits, in milliseconds. */
export interface ConnectionBounds {
  readonly connectMs: number;
  readonly commandMs: number;
  /** Without it, a connection to a server that never answers would stay open for ever. */
  readonly socketMs: number;
}

// Together these keep every answer under 2.5 s and a recovery under 5 s.
const BOUNDS: ConnectionBounds = {
  connectMs: 1_000,
  commandMs: COMMAND_TIMEOUT_MS,
  socketMs: 1_500,
};

const FIXED_OPTIONS = {
  lazyConnect: true,
  // Under RESP3 older servers take more than twice as long to write a range of doubles.
  protocol: 2,
  maxRetriesPerRequest: 1,
  // Otherwise a slow command whose caller has given up would be sent again after every reconnect.
  autoResendUnfulfilledCommands: false,
  // ioredis leaves the promise of its own SUBSCRIBE alone: a refusal would end the process.
  autoResubscribe: false,
  // `CLIENT SETINFO` needs an ACL permission that older servers cannot grant.
  disableClientInfo: true,
  maxLoadingRetryTime: MAX_LOADING_RETRY_MS,
  // After a failover the old master stays connected, as a replica: a new connection finds the new one.
  reconnectOnError: ({ message }: Error) => message.startsWith("READONLY"),
} as const;

/** A connection to one server or to a cluster, and which commands were refused for good. */
export type Connection = (Redis | Cluster) & { readonly refusals: Refusals };

/** How to connect. */
export interface ConnectionOptions {
  /** The certificate authority of `rediss://`, in PEM. @default those Deno trusts */
  ca?: string | undefined;
  /** Shorter waits, for tests. @default 1 s to connect and per command, 1.5 s without any byte */
  bounds?: ConnectionBounds;
  /** The connection only receives messages. @default false */
  subscribes?: boolean;
}

/**
 * Creates a connection to the server that a URL names, or to the cluster that several name, separated
 * by commas. It connects when the first command is sent, and again whenever it is lost.
 */
export function connect(urls: string, options: ConnectionOptions = {}): Connection {
  const [first = "", ...others] = urls.split(",");
  if (others.length === 0) return connectRedis(first, options);
  const nodes = [first, ...others];
  return options.subscribes ? connectToAny(nodes, options) : connectCluster(nodes, options);
}

/** Creates a connection to one server. */
export function connectRedis(
  url: string,
  options: ConnectionOptions = {},
): Redis & { readonly refusals: Refusals } {
  const redis = new Redis(url, {
    ...optionsOf(options),
    ...tlsOf(url, options),
    retryStrategy: retryDelay,
  });
  redis.on("error", (error?: { command?: { name?: string } }) => {
    // ioredis goes on in database 0 when the URL's is refused: samples would go to another service's keys.
    if (error?.command?.name === "select") redis.disconnect(true);
  });
  const refusals: Refusals = new Map();
  return Object.assign(guardNode(redis, refusals), { refusals });
}

/** Closes a connection: with `QUIT` if Redis answers, at once if it does not. */
export async function closeRedis(connection: Connection): Promise<void> {
  if (connection.status !== "ready") return connection.disconnect();
  await connection.quit().catch(() => connection.disconnect());
}

/**
 * Connects to one node of a cluster, and to the next after each loss: every node passes on what is
 * published at any. ioredis' own subscriber of a cluster connects again without a pause, a thousand
 * times a second while its password is wrong, and says nothing when its `SUBSCRIBE` is refused.
 */
function connectToAny(nodes: readonly string[], options: ConnectionOptions): Connection {
  let losses = 0;
  const redis = connectRedis(nodes[0] ?? "", options);
  redis.options.retryStrategy = (attempt) => {
    const url = nodes[++losses % nodes.length] ?? "";
    Object.assign(redis.options, addressOf(url), credentialsOf(url));
    return retryDelay(attempt);
  };
  return redis;
}

function connectCluster(nodes: readonly string[], options: ConnectionOptions): Connection {
  const [first = ""] = nodes;
  const cluster = new KeyedCluster([...nodes], {
    lazyConnect: true,
    slotsRefreshTimeout: BOUNDS.connectMs,
    clusterRetryStrategy: retryDelay,
    // Nodes that the cluster announces have no URL of their own.
    redisOptions: { ...optionsOf(options), ...credentialsOf(first), ...tlsOf(first, options) },
  });
  // During an outage every waiting command adds a listener: more than ten are not a leak.
  cluster.on("+node", (node: Redis) => guardNode(node, cluster.refusals)).setMaxListeners(0);
  return cluster;
}

function optionsOf({ bounds = BOUNDS }: ConnectionOptions) {
  return {
    ...FIXED_OPTIONS,
    connectTimeout: bounds.connectMs,
    commandTimeout: bounds.commandMs,
    socketTimeout: bounds.socketMs,
  };
}

function retryDelay(attempt: number): number {
  return Math.min(attempt * 100, MAX_RETRY_DELAY_MS);
}

function addressOf(url: string) {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || DEFAULT_PORT };
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

/** A client for a cluster that may be sent commands ioredis does not know: those of time series. */
class KeyedCluster extends Cluster {
  readonly refusals: Refusals = new Map();

  override sendCommand(...sent: Parameters<Cluster["sendCommand"]>): unknown {
    const [command] = sent;
    // A node's own limit starts when it gets the command: without a node, the command would never end.
    command.setTimeout(COMMAND_TIMEOUT_MS);
    // When ioredis does not know which argument is the key, it asks any node and is redirected.
    const { name, args: [key] } = command;
    if (/^TS\./i.test(name)) command.getKeys = () => [String(key)];
    return super.sendCommand(...sent);
  }
}
