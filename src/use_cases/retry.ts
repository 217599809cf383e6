import type { Sleep } from "../core/ports.ts";

const FIRST_BACKOFF_MS = 1_000;
const BACKOFF_FACTOR = 4;

/** How trying again works. */
export interface RetryOptions {
  tries: number;
  /** How long all tries together may take, in milliseconds. */
  withinMs: number;
  /** Whether another try may succeed after this error. */
  isRetriable: (error: unknown) => boolean;
  sleep: Sleep;
  /** Returns a number from 0 to 1. */
  random: () => number;
  /** Ends everything early. */
  signal: AbortSignal;
}

/**
 * Tries until it succeeds, at most `tries` times and within `withinMs`, pausing for about 1 s, then 4 s.
 * Pauses vary by half, so that instances that fail together do not return together.
 */
export async function retry<T>(
  run: (signal: AbortSignal) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  options.sleep(options.withinMs, signal).then(() => over.abort(), () => {});
  try {
    return await tryWithin(run, { ...options, signal });
  } finally {
    over.abort();
  }
}

async function tryWithin<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { tries, isRetriable, sleep, random, signal }: RetryOptions,
): Promise<T> {
  let failure: unknown;
  for (let tried = 1;; tried++) {
    try {
      return await run(signal);
    } catch (error) {
      // The error of the previous try says more than the time limit that ended this one.
      if (tried === 1 || !signal.aborted) failure = error;
    }
    if (tried >= tries || signal.aborted || !isRetriable(failure)) throw failure;
    const backoffMs = FIRST_BACKOFF_MS * BACKOFF_FACTOR ** (tried - 1);
    await sleep(backoffMs * (0.5 + random()), signal).catch(() => {});
    if (signal.aborted) throw failure;
  }
}
