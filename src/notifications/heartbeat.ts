import type { Log } from "../log.ts";
import type { Answer } from "../summary/wire.ts";

const TIMEOUT_MS = 10_000;

/** What sending signs of life needs. */
export interface HeartbeatOptions {
  /** Where the sign of life goes: a secret. `undefined` sends none. */
  heartbeatUrl: string | undefined;
  /** How long a request may take, in milliseconds. @default 10_000 */
  heartbeatTimeoutMs?: number | undefined;
  log: Pick<Log, "warn">;
  /** Ends the request that runs. */
  signal: AbortSignal;
}

/**
 * Creates a function that requests an address while the answer is fresh, so that a monitor such as
 * healthchecks.io raises an alarm when the requests stop. It never throws: a failure is logged.
 */
export function createHeartbeat(
  { heartbeatUrl, heartbeatTimeoutMs = TIMEOUT_MS, log, signal }: HeartbeatOptions,
): (answer: Pick<Answer, "stale">) => Promise<void> {
  return async ({ stale }) => {
    if (heartbeatUrl === undefined || stale) return;
    try {
      const { ok, status, body } = await fetch(heartbeatUrl, {
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(heartbeatTimeoutMs)]),
      });
      body?.cancel().catch(() => {});
      if (!ok) log.warn("the heartbeat was refused", { status });
    } catch (error) {
      // The message of `fetch` contains the address.
      const reason = error instanceof Error ? error.name : typeof error;
      log.warn("the heartbeat could not be sent", { reason });
    }
  };
}
