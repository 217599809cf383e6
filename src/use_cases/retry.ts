/** Waits for `ms` milliseconds; rejects at once when the signal says so. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

const WITHIN_MS = 20_000;
const FIRST_BACKOFF_MS = 1_000;
const BACKOFF_FACTOR = 4;

/** What trying again needs. */
export interface RetryOptions {
  tries: number;
  /** Whether the same might succeed after this error. */
  isWorthIt: (error: unknown) => boolean;
  sleep: Sleep;
  /** Gives a number from 0 to 1. */
  random: () => number;
  /** Ends everything early. */
  signal: AbortSignal;
}

/**
 * Tries until it succeeds, at most `tries` times and within 20 s, with a pause of about 1 s, then 4 s,
 * between. The pauses are random by half, so that instances that fail together do not return together.
 */
export async function retry<T>(
  run: (signal: AbortSignal) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  options.sleep(WITHIN_MS, signal).then(() => over.abort(), () => {});
  try {
    return await tryWithin(run, { ...options, signal });
  } finally {
    over.abort();
  }
}

async function tryWithin<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { tries, isWorthIt, sleep, random, signal }: RetryOptions,
): Promise<T> {
  let failure: unknown;
  for (let tried = 1;; tried++) {
    try {
      return await run(signal);
    } catch (error) {
      // That a try was cut short says less than why the one before it failed.
      if (tried === 1 || !signal.aborted) failure = error;
    }
    if (tried >= tries || signal.aborted || !isWorthIt(failure)) throw failure;
    const backoffMs = FIRST_BACKOFF_MS * BACKOFF_FACTOR ** (tried - 1);
    await sleep(backoffMs * (0.5 + random()), signal).catch(() => {});
    if (signal.aborted) throw failure;
  }
}
