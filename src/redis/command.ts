import type { Redis } from "ioredis";
import type { z } from "zod";
import { StoreError } from "../core/errors.ts";

/** How long a reply is waited for. */
export const COMMAND_TIMEOUT_MS = 1_000;

/** The slice of a Redis client that sends one command. */
export type Client = Pick<Redis, "call">;

/** One command: its name and its arguments. */
export type Command = readonly [name: string, ...args: (string | number)[]];

// What Redis says, and what it means in words that are safe to show.
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/unknown command .?TS\./i, "The store has no time series: it needs Redis Stack or Redis 8"],
  [
    /WRONGTYPE/,
    "A key of the store holds another type: delete it or set another KEY_PREFIX",
  ],
  [/^(NOAUTH|WRONGPASS|NOPERM)/, "The store refuses the service's user or password"],
  [
    /^(OOM|READONLY|LOADING|MISCONF|BUSY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN)/,
    "The store does not take this command now",
  ],
  [/timed out/i, "The store took too long"],
];

/**
 * Sends a command and parses its reply.
 *
 * @throws {StoreError} when Redis is away or too slow, refuses, or replies what `schema` does not accept
 */
export async function send<T>(client: Client, schema: z.ZodType<T>, command: Command): Promise<T> {
  const [name, ...args] = command;
  const parsed = schema.safeParse(await client.call(name, args).catch(throwStoreError));
  if (parsed.success) return parsed.data;
  const message = `The store gave a reply to ${name} that can't be read`;
  throw new StoreError(message, { cause: parsed.error });
}

/** Takes `otherwise` where Redis refused a command for `reason`, and lets other errors through. */
export function unlessRefused<T>(reason: RegExp, otherwise: T): (error: unknown) => T {
  return (error) => {
    const cause = error instanceof StoreError ? error.cause : undefined;
    if (cause instanceof Error && reason.test(cause.message)) return otherwise;
    throw error;
  };
}

function throwStoreError(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const [, message] = EXPLANATIONS.find(([pattern]) => pattern.test(reason)) ?? [];
  throw new StoreError(message ?? otherwise(cause), { cause });
}

function otherwise(cause: unknown): string {
  const answered = cause instanceof Error && cause.name === "ReplyError";
  return answered ? "The store refused a command" : "The store can't be reached";
}
