import { deadline } from "@std/async/deadline";
import * as z from "zod/mini";

/** The store cannot be used now. The message is safe to show to clients, the cause is not. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** How long a reply is waited for. */
export const COMMAND_TIMEOUT_MS = 1_000;

/** One argument of a command. */
type Argument = string | number;

/** Why commands were last refused for good, by name in lower case; one that works is forgotten. */
export type Refusals = Map<string, Error>;

/** The server lacks the command or a form of it, or the user its right: waiting does not help. */
const LACKING = /^(NOPERM|ERR unknown command|ERR syntax error|MOVED|CROSSSLOT)/;

/** The slice of a Redis client that sends commands. */
export interface Client {
  call(name: string, args: Argument[]): Promise<unknown>;
  multi(): Transaction;
  readonly refusals?: Refusals;
}

/** Commands that a client collects and sends as one transaction. */
export interface Transaction {
  call(name: string, args: Argument[]): unknown;
  exec(): Promise<unknown>;
}

/** One command: its name and its arguments. */
export type Command = readonly [name: string, ...args: Argument[]];

/** What to do about a key that is not of this service. */
export const ANOTHER_TYPE =
  "A key of the store holds another type: delete it or set another KEY_PREFIX";

const TOO_SLOW = "The store took too long";

// Redis' own words may show keys or addresses; these are safe to show, and say what to do.
const EXPLANATIONS: readonly (readonly [RegExp, string | ((match: string[]) => string)])[] = [
  [/^The store needs Redis .*/, ([message = ""]) => message],
  [/unknown command .?TS\./i, "The store has no time series: it needs Redis Stack or Redis 8"],
  [/WRONGTYPE/, ANOTHER_TYPE],
  [/^(NOAUTH|WRONGPASS)/, "The store refuses the service's user or password"],
  [
    /^NOPERM .*run the '([\w.|]+)' command/,
    ([, name = ""]) =>
      `The store's user may not run ${name.toUpperCase()} (NOPERM): see docs/acl.md`,
  ],
  [/^NOPERM/, "The store's user may not use the keys or the channel (NOPERM): see docs/acl.md"],
  [/^MOVED/, "The store is a cluster: list its nodes in REDIS_URL"],
  [/^CROSSSLOT/, "The store is a cluster: put braces into KEY_PREFIX, such as {is-bitcoin-lit}"],
  [
    /^ERR unknown command [`'"]?([\w.]+)/,
    ([, name = ""]) => `The store does not know ${name.toUpperCase()}: it needs Redis 7.0 or later`,
  ],
  [/^ERR syntax error/, "The store refuses a form of a command: it needs Redis 7.0 or later"],
  [
    /^(OOM|READONLY|LOADING|MISCONF|BUSY|NOREPLICAS|CLUSTERDOWN|MASTERDOWN|TRYAGAIN)/,
    "The store does not take this command now",
  ],
  [/timed out/i, TOO_SLOW],
];

// A pair of error and reply per command; the pair of a failed one has no reply.
const EXEC_REPLY = z.array(z.tuple([z.unknown()], z.unknown()));

/**
 * Sends a command and parses its reply.
 *
 * @throws {StoreError} when Redis is away or too slow, refuses, or sends a reply that `schema` rejects
 */
export async function send<T>(
  client: Client,
  schema: z.core.$ZodType<T>,
  command: Command,
): Promise<T> {
  const [name, ...args] = command;
  return parseReply(schema, await attempt(() => client.call(name, args)), name);
}

/**
 * Sends commands as one transaction. Each reply is a value, or the `Error` of a command that failed:
 * Redis runs the others all the same.
 *
 * @throws {StoreError} when the outcome is unknown, or Redis refuses the transaction
 */
export async function sendTransaction(
  client: Client,
  commands: readonly Command[],
): Promise<unknown[]> {
  const reply = await attempt(() => {
    const transaction = client.multi();
    for (const [name, ...args] of commands) transaction.call(name, args);
    return transaction.exec();
  });
  const replies = parseReply(EXEC_REPLY, reply, "EXEC");
  return replies.map(([error, reply], i) => {
    if (client.refusals) noteRefusal(client.refusals, commands[i]?.[0] ?? "", error ?? reply);
    return error ?? reply;
  });
}

/** Notes the error of a command if it was refused for good. */
export function noteRefusal(refusals: Refusals, name: string, error: unknown): void {
  if (!(error instanceof Error) || !LACKING.test(error.message)) return;
  refusals.set(name.toLowerCase(), error);
}

/**
 * Parses the reply to a command.
 *
 * @throws {StoreError} when it is an error, or `schema` rejects it
 */
export function parseReply<T>(schema: z.core.$ZodType<T>, reply: unknown, name: string): T {
  if (reply instanceof Error) throwStoreError(reply);
  const parsed = z.safeParse(schema, reply);
  if (parsed.success) return parsed.data;
  throw new StoreError(`The store sent an unreadable reply to ${name}`, { cause: parsed.error });
}

/** Returns `fallback` if Redis refused a command for `reason`; rethrows other errors. */
export function unlessRefused<T>(reason: RegExp, fallback: T): (error: unknown) => T {
  return (error) => {
    const cause = error instanceof StoreError ? error.cause : undefined;
    if (cause instanceof Error && reason.test(cause.message)) return fallback;
    throw error;
  };
}

/** The client may also throw before it sends anything. */
async function attempt(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    throwStoreError(error);
  }
}

function throwStoreError(cause: unknown): never {
  throw toStoreError(cause);
}

/** Explains an error of the client or of Redis, in words that are safe to show. */
export function toStoreError(cause: unknown): StoreError {
  const reasons = listReasons(cause);
  for (const [pattern, message] of EXPLANATIONS) {
    const match = reasons.map((reason) => pattern.exec(reason)).find((it) => it !== null);
    if (!match) continue;
    return new StoreError(typeof message === "string" ? message : message(match), { cause });
  }
  return new StoreError(describeOther(cause), { cause });
}

/**
 * An aborted transaction says only that it is; why is in the errors of its commands. When its connection
 * ends, they are all one error, which then holds itself.
 */
function listReasons(cause: unknown): string[] {
  if (!(cause instanceof Error)) return [String(cause)];
  const previous: unknown[] = "previousErrors" in cause && Array.isArray(cause.previousErrors)
    ? cause.previousErrors
    : [];
  return [cause, ...previous].map((error) => error instanceof Error ? error.message : `${error}`);
}

function describeOther(cause: unknown): string {
  const answered = cause instanceof Error && cause.name === "ReplyError";
  return answered ? "The store refused a command" : "The store cannot be reached";
}

const TEXT = z.string().check(z.minLength(1));

/** How a server writes what no sum of prices should be. Redis 8.6 also stores NaN when told to. */
const NOT_FINITE = /^-?(?:nan|inf|infinity)$/i;

// Doubles arrive as strings such as "-5E-1" under RESP2, as numbers or strings under RESP3.
const DOUBLE = z.pipe(
  z.union([z.pipe(TEXT, z.transform(parseDouble)), z.number(), z.nan()]),
  z.union([z.number(), z.nan()]),
);

// Timestamps of samples that were added by hand may be beyond JavaScript's exact integers.
const POINT = z.tuple([z.number(), DOUBLE]);

/** A timestamp in Unix milliseconds and a value, which may be NaN. */
export type Point = z.infer<typeof POINT>;

/** A reply of points, `[timestamp, value]` each: from `TS.RANGE`. */
export const POINTS_REPLY = z.array(POINT);

/** A reply of one point, or of none: from `TS.GET`. */
export const POINT_REPLY = z.union([POINT, z.tuple([])]);

/** A timestamp, or the reason for which it was refused, per sample: from `TS.MADD`. */
export const MADD_REPLY = z.array(z.union([z.int(), z.instanceof(Error)]));

/** A count: from `INCR`, `DEL`, `PUBLISH`. */
export const INTEGER_REPLY = z.int();

/** The reply of a command that succeeded: from `TS.CREATE`, `SET`. */
export const OK_REPLY = z.literal("OK");

/** A value, or `null` for a key that does not exist: from `GET`, `SET … GET`. */
export const VALUE_REPLY = z.nullable(z.string());

/** A value or `null` per key: from `MGET`, which also answers `null` for another type. */
export const VALUES_REPLY = z.array(VALUE_REPLY);

function parseDouble(text: string): number | undefined {
  if (NOT_FINITE.test(text)) return NaN;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

// With the time of the answer itself, a client waits less than 2.5 s however many commands it takes.
const DEADLINE_MS = 2_000;

/**
 * Waits for something that needs the store, for at most `ms` milliseconds.
 *
 * @throws {StoreError} when the time is over
 */
export async function withStoreDeadline<T>(
  waiting: Promise<T>,
  ms: number = DEADLINE_MS,
): Promise<T> {
  try {
    return await deadline(waiting, ms);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new StoreError(TOO_SLOW, { cause: error });
  }
}
