import { RespClient } from "../dev/redis/resp_client.ts";
import { FEED_FAULTS, ODD_ANSWERS } from "./feed_faults.ts";
import type { LiveService } from "./lying_exchanges.ts";
import {
  AWAY,
  HANGING,
  KILLING_SUBSCRIBERS,
  REFUSING,
  REFUSING_WRITES,
  SLOW,
} from "./redis_faults.ts";
import type { Testbed } from "./testbed.ts";

const HOUR_MS = 3_600_000;

const LINK_FAULTS = [
  ...AWAY,
  ...HANGING,
  ...REFUSING,
  ...REFUSING_WRITES,
  ...SLOW,
  ...KILLING_SUBSCRIBERS,
];
const REDIS_FAULTS = [
  ...LINK_FAULTS.map(({ name, inflict }) => ({
    name,
    inflict: ({ redis }: Testbed) => inflict(redis),
  })),
  { name: "is emptied", inflict: ({ store }: Testbed) => flush(store.port) },
];
/** When it is right again, keys that were set meanwhile live an hour longer, or end at once. */
const CLOCK_FAULTS = [
  { name: "an hour ahead", skewMs: HOUR_MS },
  { name: "an hour behind", skewMs: -HOUR_MS },
];
const ALL_FEED_FAULTS = [...FEED_FAULTS, ...ODD_ANSWERS];

/** Returns numbers from 0 to 1. */
export type Random = () => number;

/** Disturbs some of these, and returns how: the link to Redis, its clock, the feed, an exchange of the live feed. */
export async function inflictSome(testbed: Testbed, live: LiveService, random: Random) {
  const names: string[] = [];
  if (random() < 0.2) {
    const { name, skewMs } = pick(CLOCK_FAULTS, random);
    testbed.storeClock.skewMs = skewMs;
    names.push(`the clock of Redis is ${name}`);
  }
  if (random() < 0.3) {
    const fault = pick(live.faults, random);
    await fault.inflict();
    names.push(fault.name);
  }
  const which = random();
  if (which < 0.7) {
    const fault = pick(REDIS_FAULTS, random);
    await fault.inflict(testbed);
    names.push(`Redis ${fault.name}`);
  }
  if (which > 0.5) {
    const fault = pick(ALL_FEED_FAULTS, random);
    await fault.inflict(testbed.feed, testbed.feedLink);
    names.push(`the feed ${fault.name}`);
  }
  return names;
}

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Returns a number between two bounds. */
export function between({ min, max }: { min: number; max: number }, random: Random): number {
  return min + random() * (max - min);
}

function pick<T>(all: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const picked = all[Math.floor(random() * all.length)];
  if (picked === undefined) throw new RangeError("There must be something to pick from");
  return picked;
}

async function flush(port: number): Promise<void> {
  using client = await RespClient.connect(port);
  await client.call("FLUSHALL");
}
