import * as z from "zod/mini";
import { StoreError } from "../core/errors.ts";

/** How long a reply is waited for. */
export const COMMAND_TIMEOUT_MS = 1_000;

/** One argument of a command. */
type Argument = string | number;

/** The slice of a Redis client that sends commands. */
export interface Client {
  call(name: string, args: Argument[]): Promise<unknown>;
  multi(): Transaction;
}

/** Commands that a client collects and sends as one transaction. */
export interface Transaction {
  call(name: string, args: Argument[]): unknown;
  exec(): Promise<unknown>;
}

/** One command: its name and its arguments. */
export type Command = readonly [name: string, ...args: Argument[]];

// Redis' own words may show keys or addresses; these are safe to show, and say what to do.
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/unknown command .?TS\./i, "The store has no time series: it needs Redis Stack or Redis 8"],
  [/WRONGTYPE/, "A key of the store holds another type: delete it or set another KEY_PREFIX"],
  [/^(NOAUTH|WRONGPASS|NOPERM)/, "The store refuses the service's user or password"],
  [
    /^(OOM|READONLY|LOADING|MISCONF|BUSY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN)/,
    "The store does not take this command now",
  ],
  [/timed out/i, "The store took too long"],
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
  return replies.map(([error, reply]) => error ?? reply);
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
  const reasons = listReasons(cause);
  const [, message] = EXPLANATIONS.find(([pattern]) => reasons.some((it) => pattern.test(it))) ??
    [];
  throw new StoreError(message ?? describeOther(cause), { cause });
}

/** An aborted transaction says only that it is; why is in the errors of its commands. */
function listReasons(cause: unknown): string[] {
  if (!(cause instanceof Error)) return [String(cause)];
  const previous = "previousErrors" in cause && Array.isArray(cause.previousErrors)
    ? cause.previousErrors
    : [];
  return [cause.message, ...previous.flatMap(listReasons)];
}

function describeOther(cause: unknown): string {
  const answered = cause instanceof Error && cause.name === "ReplyError";
  return answered ? "The store refused a command" : "The store cannot be reached";
}
