import process from "node:process";

/** Blocks the event loop, so that no timer runs. */
export function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/**
 * The longest time for which nothing else could run while `work` ran, in milliseconds of this thread's
 * processor time: what else the machine does adds nothing.
 */
export async function measureBlock(work: () => unknown): Promise<number> {
  let last = usedMs();
  let longest = 0;
  function tick(): void {
    const used = usedMs();
    longest = Math.max(longest, used - last);
    last = used;
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

function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
