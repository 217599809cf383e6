/** Waits for `ms` milliseconds; rejects at once when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The time, in two ways that must not be mixed. */
export interface Clock {
  /** The wall clock in Unix milliseconds; it may step back. */
  now(): number;
  /** Milliseconds since some fixed moment; it never steps back. Ages and pauses use it. */
  elapsed(): number;
}

/** The clock of this process. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
};

/**
 * Returns the wall clock, or what it would show if it had not stepped back since this call, whichever
 * is later (Unix ms). Without it, a clock set back an hour would reject every new row as future.
 */
export function createForwardTime(clock: Clock): () => number {
  const startedAt = clock.now() - clock.elapsed();
  return () => Math.max(clock.now(), startedAt + clock.elapsed());
}
