/** Blocks the event loop, so that no timer runs. */
export function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The longest time for which nothing else could run while `work` ran, in milliseconds. */
export async function measureBlock(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  function tick(): void {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  const timer = setInterval(tick, 1);
  try {
    await work();
    tick();
    return longest;
  } finally {
    clearInterval(timer);
  }
}
