import type { Redis } from "ioredis";

const POLL_MS = 2;
const TIMEOUT_MS = 10_000;

/** What Redis did: how often each command ran, and the time of all together. */
export interface Spent {
  readonly calls: ReadonlyMap<string, number>;
  readonly milliseconds: number;
}

/**
 * What Redis does from here on, by `INFO commandstats`. Differences are taken instead of resetting,
 * which others would notice; what others do on a shared server counts, and the median forgives it.
 */
export async function watchCommands(client: Redis): Promise<() => Promise<Spent>> {
  const before = await readStats(client);
  return async () => {
    const after = await readStats(client);
    const calls = new Map<string, number>();
    let microseconds = 0;
    for (const [name, { count, usec }] of after) {
      const { count: countBefore = 0, usec: usecBefore = 0 } = before.get(name) ?? {};
      if (count > countBefore) calls.set(name, count - countBefore);
      microseconds += usec - usecBefore;
    }
    return { calls, milliseconds: microseconds / 1_000 };
  };
}

/**
 * What Redis does for `act`, and behind it until `command` has run too.
 *
 * @throws {Error} when it has not run after 10 s
 */
export async function spentOn(
  client: Redis,
  { act, until }: { act: () => Promise<unknown>; until: string },
): Promise<Spent> {
  const read = await watchCommands(client);
  await act();
  const end = performance.now() + TIMEOUT_MS;
  while (performance.now() < end) {
    const spent = await read();
    if (spent.calls.has(until)) return spent;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Redis must have run ${until} within ${TIMEOUT_MS} ms`);
}

async function readStats(client: Redis): Promise<Map<string, { count: number; usec: number }>> {
  const text = await client.info("commandstats");
  const stats = text.matchAll(/^cmdstat_(\S+):calls=(\d+),usec=(\d+)/gm);
  return new Map(
    [...stats]
      .filter(([, name]) => name !== "info")
      .map(([, name = "", count, usec]) => [name, { count: Number(count), usec: Number(usec) }]),
  );
}
