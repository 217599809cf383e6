const PERIOD_MS = 20;
const WINDOW_MS = 30_000;

/** Measures how late the event loop runs timers. */
export interface EventLoopMonitor {
  /** The longest delay of the last 30 to 60 s, in seconds. */
  read(): number;
  stop(): void;
}

/** What a test replaces in a monitor. */
export interface EventLoopOptions {
  /** A delay is reported for this time at least, for twice the time at most. @default 30_000 */
  windowMs?: number;
}

/**
 * Starts to measure by the drift of a timer: `monitorEventLoopDelay` of `node:perf_hooks` reads next to
 * nothing under Deno. Reading forgets nothing, or one client would hide a delay from the next. The timer
 * does not keep the process alive.
 */
export function monitorEventLoop(
  { windowMs = WINDOW_MS }: EventLoopOptions = {},
): EventLoopMonitor {
  let expected = performance.now() + PERIOD_MS;
  let windowEnd = expected + windowMs;
  let longest = 0;
  let longestBefore = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now >= windowEnd) {
      [longestBefore, longest] = [longest, 0];
      windowEnd = now + windowMs;
    }
    longest = Math.max(longest, now - expected);
    expected = now + PERIOD_MS;
  }, PERIOD_MS);
  Deno.unrefTimer(timer);
  return {
    read: () => Math.max(longest, longestBefore) / 1_000,
    stop: () => clearInterval(timer),
  };
}
