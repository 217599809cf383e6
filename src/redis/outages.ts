import type { Log } from "../log.ts";
import type { Connection } from "./connection.ts";

const REDIS_NEEDED =
  'redis cannot be reached yet: set REDIS_URL, or run an embedded one with "deno task redis"';

/** What any other error means that the server sent. */
const ANSWERS_ERROR = "it answers with an error";

/** What an error of a connection means; unlisted ones mean that it cannot be reached. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /WRONGPASS|NOAUTH|^ERR AUTH|wrong number of arguments for 'auth'/,
    "it refuses the user or password of REDIS_URL",
  ],
  [/NOPERM/, "its user lacks a right: see docs/acl.md"],
  [/needs Redis/, "it is too old"],
  [/certificate|CERT|UnknownIssuer/i, "its certificate is not trusted: see REDIS_CA_FILE"],
  [/timed out|timeout/i, "it does not answer in time"],
];

/** Is called once per change of a connection, not once per attempt or command. */
export interface ConnectionListener {
  onReady(): void;
  /** It is lost, or is still lost for another reason. */
  onLost(error: unknown): void;
}

/** Calls the listener at changes; without one, errors of a connection would go unseen. */
export function watchConnection(connection: Connection, listener: ConnectionListener): void {
  let isReady = false;
  /** Whether it was ready and has been closed without a reason, which may follow. */
  let isClosed = false;
  let reason: string | undefined;
  function report(error: unknown): void {
    isReady = isClosed = false;
    const next = describe(error);
    // Its answer, which says why, is not always read before the connection is reset.
    if (reason !== undefined && isReset(error)) return;
    if (next !== reason) listener.onLost(error);
    reason = next;
  }
  connection.on("ready", () => {
    // It was closed and opened again at once, as an idle one is by some servers.
    if (isClosed) report(new Error("The server closed the connection"));
    isReady = true;
    reason = undefined;
    listener.onReady();
  });
  connection.on("error", (error: unknown) => report(findCause(error)));
  connection.on("close", () => isClosed ||= isReady);
}

/** What opening the connections needs. */
export interface OpenOptions {
  client: Connection;
  /** Receives announcements only. */
  subscriber: Connection;
  redisUrl: string;
  log: Pick<Log, "info" | "warn">;
}

/** Connects before the first command needs it, and logs changes; `onReady` is called at each recovery. */
export function openConnections(
  { client, subscriber, redisUrl, log }: OpenOptions,
  onReady: () => void,
): void {
  let wasReady = false;
  watchConnection(client, {
    onReady() {
      wasReady = true;
      // The second connection comes after the first, which readers wait for.
      if (subscriber.status === "wait") subscriber.connect().catch(() => {});
      log.info("redis is ready");
      onReady();
    },
    onLost(error) {
      const reason = explain(error);
      if (reason !== undefined) log.warn(`redis cannot be used: ${reason}`, { error });
      else if (wasReady) log.warn("the connection to redis is lost", { error });
      else log.warn(REDIS_NEEDED, { redis_url: redisUrl, error });
    },
  });
  watchSubscriber(subscriber, { client, log });
  client.connect().catch(() => {}); // The listener gets the error.
}

/** Logs what happens to the second connection alone: an outage of Redis is logged for the first. */
function watchSubscriber(
  subscriber: Connection,
  { client, log }: Pick<OpenOptions, "client" | "log">,
): void {
  let loss: { readonly error: unknown } | undefined;
  let isLogged = false;
  function logLoss(): void {
    if (loss !== undefined && client.status === "ready") {
      const { error } = loss;
      log.warn("the connection for announcements is lost", { error, reason: explain(error) });
      isLogged = true;
    }
    loss = undefined;
  }
  // By the next attempt it is clear whether the first connection is lost as well.
  subscriber.on("connecting", logLoss);
  watchConnection(subscriber, {
    onReady() {
      logLoss();
      if (isLogged) log.info("announcements of other instances are received again");
      isLogged = false;
    },
    onLost: (error) => loss = { error },
  });
}

function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, reason] = REASONS.find(([pattern]) => pattern.test(error.message)) ?? [];
  return reason ?? (isReply(error) ? ANSWERS_ERROR : undefined);
}

/** Two errors with one description are one reason; of certificates and rights, each is its own. */
function describe(error: unknown): string {
  const isOwn = error instanceof Error && /certificate|NOPERM/i.test(error.message);
  return isOwn ? error.message : explain(error) ?? "";
}

function isReset(error: unknown): boolean {
  return error instanceof Error && /ECONNRESET|EPIPE/.test(error.message);
}

/** ioredis wraps what a server sends before it is asked anything. */
function isReply({ name, message }: Error): boolean {
  return name === "ReplyError" || /queue state error.* Last error: /.test(message);
}

/** A cluster says only that no node can be used; why is in the error of the last one. */
function findCause(error: unknown): unknown {
  const hasCause = error instanceof Error && "lastNodeError" in error;
  return hasCause && error.lastNodeError instanceof Error ? error.lastNodeError : error;
}
