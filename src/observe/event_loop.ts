const PERIOD_MS = 20;

/** Measures how late the event loop runs timers. */
export interface EventLoopMonitor {
  /** The longest delay since the last read, in seconds. */
  read(): number;
  stop(): void;
}

/**
 * Starts to measure by the drift of a timer: `monitorEventLoopDelay` of `node:perf_hooks` reads next to
 * nothing under Deno. The timer does not keep the process alive.
 */
export function monitorEventLoop(): EventLoopMonitor {
  let expected = performance.now() + PERIOD_MS;
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - expected);
    expected = now + PERIOD_MS;
  }, PERIOD_MS);
  Deno.unrefTimer(timer);
  return {
    read() {
      const seconds = longest / 1_000;
      longest = 0;
      return seconds;
    },
    stop: () => clearInterval(timer),
  };
}
