import { delay } from "@std/async/delay";
import { type Clock, SYSTEM_CLOCK } from "../samples/clock.ts";
import { guardLog } from "../contain.ts";
import type { Feed } from "../feeds/feed.ts";
import type { Log } from "../log.ts";
import type { Sleep } from "../samples/clock.ts";
import { connect } from "../redis/connection.ts";

/** What a service is built from beside its configuration; a test replaces what it wants to control. */
export interface Parts {
  log: Log;
  loadFeed: () => Promise<Feed>;
  /** The certificate authority of `rediss://`, in PEM. @default those that Deno trusts */
  ca?: string | undefined;
  /** Is called before each request is answered. */
  onRequest?: ((method: string, route: string | undefined) => void) | undefined;
  /** @default the clock of this process */
  clock?: Clock;
  /** @default timers of this process */
  sleep?: Sleep;
  /** Returns a number from 0 to 1. @default Math.random */
  random?: () => number;
  /** Connects to Redis. @default ioredis */
  connect?: typeof connect;
  /** How often event streams compare the answer, in milliseconds. @default 3_000 */
  lookMs?: number;
  /** How many event streams may be open at once. @default 1_000 */
  maxStreams?: number;
  /** How long a stop waits for requests to sources, in milliseconds. @default 3_000 */
  feedGraceMs?: number;
  /** How long one delivery to a webhook may take, in milliseconds. @default 15_000 */
  webhookTimeoutMs?: number;
}

/** Adds the defaults to the parts that were given. */
export function completeParts(parts: Parts) {
  return {
    clock: SYSTEM_CLOCK,
    sleep: (ms: number, signal: AbortSignal) => delay(ms, { signal }),
    random: Math.random,
    connect,
    ...parts,
    log: guardLog(parts.log),
  };
}

/** All parts of a service. */
export type CompleteParts = ReturnType<typeof completeParts>;
