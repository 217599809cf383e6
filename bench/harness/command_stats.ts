import type { Redis } from "ioredis";

const POLL_MS = 10;
const TIMEOUT_MS = 10_000;

/** What `INFO` is read from. */
type InfoSource = Pick<Redis, "info">;

/** What Redis did: how often each command ran, and the time of all together. */
export interface Spent {
  readonly calls: ReadonlyMap<string, number>;
  readonly milliseconds: number;
}

/**
 * Starts to watch what Redis does, by `INFO commandstats`; the function that it returns reads it. It takes
 * differences instead of resetting the counters, which other users would notice. What these do meanwhile
 * counts, so a median of several rounds is needed.
 */
export async function watchCommands(client: InfoSource): Promise<() => Promise<Spent>> {
  const before = await readStats(client);
  return async () => {
    const after = await readStats(client);
    const calls = new Map<string, number>();
    let microseconds = 0;
    for (const [name, { count, usec }] of after) {
      const { count: countBefore = 0, usec: usecBefore = 0 } = before.get(name) ?? {};
      if (count > countBefore) calls.set(name, count - countBefore);
      // The time of a transaction is that of its commands, which are counted themselves.
      if (name !== "exec") microseconds += usec - usecBefore;
    }
    return { calls, milliseconds: microseconds / 1_000 };
  };
}

/**
 * Watches what Redis does for `act` and for what it leaves behind, until no command ran for 10 ms.
 *
 * @throws {Error} when commands still run after 10 s
 */
export async function spentOn(client: InfoSource, act: () => Promise<unknown>): Promise<Spent> {
  const read = await watchCommands(client);
  await act();
  const end = performance.now() + TIMEOUT_MS;
  let last = await read();
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const spent = await read();
    if (sumOf(spent.calls) === sumOf(last.calls)) return spent;
    last = spent;
  }
  throw new Error(`Redis must come to rest within ${TIMEOUT_MS} ms, still runs commands`);
}

/** How many commands ran. */
export function sumOf(calls: Spent["calls"]): number {
  return [...calls.values()].reduce((total, count) => total + count, 0);
}

async function readStats(
  client: InfoSource,
): Promise<Map<string, { count: number; usec: number }>> {
  const text = await client.info("commandstats");
  const stats = text.matchAll(/^cmdstat_(\S+):calls=(\d+),usec=(\d+)/gm);
  return new Map(
    [...stats]
      .filter(([, name]) => name !== "info")
      .map(([, name = "", count, usec]) => [name, { count: Number(count), usec: Number(usec) }]),
  );
}
