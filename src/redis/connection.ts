import { Redis } from "ioredis";

// Together these keep every answer under 2.5 s and a recovery under 5 s.
const CONNECT_TIMEOUT_MS = 1_000;
const COMMAND_TIMEOUT_MS = 1_000;
const SOCKET_TIMEOUT_MS = 1_500;
const MAX_RETRY_DELAY_MS = 1_000;
const MAX_LOADING_RETRY_MS = 1_000;

/** Hears of a connection's changes: once each, not once per attempt or command. */
export interface ConnectionListener {
  onReady(): void;
  onLost(error: Error): void;
}

/** Connects when the first command is sent, and again whenever the connection is lost. */
export function connectRedis(url: string, listener: ConnectionListener): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    // Under RESP3 older servers take more than twice as long to write a range of doubles.
    protocol: 2,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    // Without it a server that accepts and never answers is never let go.
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    maxLoadingRetryTime: MAX_LOADING_RETRY_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RETRY_DELAY_MS),
  });
  announceChanges(redis, listener);
  return redis;
}

function announceChanges(redis: Redis, listener: ConnectionListener): void {
  let lost = false;
  redis.on("ready", () => {
    lost = false;
    listener.onReady();
  });
  redis.on("error", (error: Error) => {
    if (!lost) listener.onLost(error);
    lost = true;
  });
}

/** Closes a connection: politely where Redis answers, at once where it does not. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status === "ready") await redis.quit().catch(() => redis.disconnect());
  else redis.disconnect();
}
