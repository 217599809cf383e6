const PERIOD_MS = 20;

const WINDOW_MS = 60_000;

/** The window moves by one of these parts at a time. */
const PARTS = 12;

/** Measures how late the event loop runs timers. */
export interface EventLoopMonitor {
  /** The longest delay of the last minute, in seconds, the same for every reader. */
  read(): number;
  stop(): void;
}

/** What a test replaces in a monitor. */
export interface EventLoopOptions {
  /** How long a delay is reported, in milliseconds. @default 60_000 */
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
  const partMs = windowMs / PARTS;
  let expected = performance.now() + PERIOD_MS;
  let partEnd = expected + partMs;
  /** The longest delay of each part, the current one first; with it, the window is never too short. */
  let longest: readonly number[] = [0];
  const timer = setInterval(() => {
    const now = performance.now();
    const delay = now - expected;
    // A delay longer than a part has ended now: it counts in full from here on.
    if (now >= partEnd) {
      longest = [0, ...longest].slice(0, PARTS + 1);
      partEnd = now + partMs;
    }
    const [current = 0, ...before] = longest;
    if (delay > current) longest = [delay, ...before];
    expected = now + PERIOD_MS;
  }, PERIOD_MS);
  Deno.unrefTimer(timer);
  return {
    read: () => Math.max(...longest) / 1_000,
    stop: () => clearInterval(timer),
  };
}
