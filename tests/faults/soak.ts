/**
 * Runs the service under random faults and prints what it survived: `deno task soak --minutes 10`.
 * The same `--seed` leads to the same faults in the same order.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { PROMISED_MS, Readers } from "../helpers/readers.ts";
import { endFaults } from "./assertions.ts";
import { FEED_FAULTS, ODD_ANSWERS } from "./feed_faults.ts";
import { type LiveService, startLiveService } from "./lying_exchanges.ts";
import {
  AWAY,
  HANGING,
  KILLING_SUBSCRIBERS,
  REFUSING,
  REFUSING_WRITES,
  SLOW,
} from "./redis_faults.ts";
import {
  type ProcessTestbed,
  read,
  refresh,
  startProcessTestbed,
  type Testbed,
  warmUp,
} from "./testbed.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const HEALED_MS = 5_000;
const FAULT_MS = { min: 200, max: 8_000 };
const CALM_MS = { min: 0, max: 2_000 };
const REFRESH_PAUSE_MS = 200;

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

type Random = () => number;

const { values } = parseArgs({
  options: { minutes: { type: "string" }, seed: { type: "string" } },
});
const minutes = Number(values.minutes ?? "10");
const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error("--minutes must be a number above 0, --seed an integer");
  Deno.exit(2);
}
console.log(`Soaking for ${minutes} min with --seed ${seed}`);
Deno.exit(await soak() ? 0 : 1);

async function soak(): Promise<boolean> {
  await using testbed = await startProcessTestbed();
  await using live = await startLiveService(testbed);
  await warmUp(testbed);
  const readers = new Readers({ url: testbed.url, truth: testbed.feed.truth });
  const random = createRandom(seed);
  const before = await readMemory(testbed);
  const survived = new Map<string, number>();
  const refreshes = new Map<string, number>();
  const wrongPrices = new Map<string, string>();
  let slowestHealingMs = 0;
  let slowestRefreshMs = 0;
  const end = performance.now() + minutes * MINUTE_MS;
  while (performance.now() < end) {
    const names = await inflictSome(testbed, live, random);
    for (const name of names) count(survived, name);
    testbed.feed.advance();
    await refreshFor(testbed, between(FAULT_MS, random), refreshes);
    const healing = await heal(testbed, names);
    slowestHealingMs = Math.max(slowestHealingMs, healing.redisMs);
    slowestRefreshMs = Math.max(slowestRefreshMs, healing.refreshMs);
    await live.heal();
    const prices = await live.checkPrices();
    for (const price of prices.wrong) wrongPrices.set(price, names.join(", "));
    await refreshFor(testbed, between(CALM_MS, random), refreshes);
  }
  const tally = await readers.stop();
  const healed = await refresh(testbed.url).then(({ status }) => status === 200) &&
    await read(testbed.url) === testbed.feed.summary;
  const prices = await live.checkPrices();
  const unhandled = await countUnhandled(testbed.url) + await countUnhandled(live.url);
  const { summaries, unavailable, wrong, slow, slowestMs } = tally;
  console.log(table("faults survived", survived));
  console.log(table("refreshes", refreshes));
  console.log(table(
    "reads",
    new Map([
      ["summaries", summaries],
      ["unavailable", unavailable],
      ["wrong", wrong.length],
      [`over ${PROMISED_MS} ms`, slow],
      ["slowest, ms", Math.round(slowestMs)],
    ]),
  ));
  console.log(`slowest healing of Redis: ${Math.round(slowestHealingMs)} ms`);
  console.log(`longest wait for a refresh after that: ${Math.round(slowestRefreshMs)} ms`);
  console.log(`memory, MB: ${before} → ${await readMemory(testbed)}`);
  console.log(`open links: ${testbed.redis.open} to Redis, ${testbed.feedLink.open} to the feed`);
  console.log(`healed at the end: ${healed ? "yes" : "no"}`);
  console.log(`prices of the live feed: ${prices.stored} stored, ${wrongPrices.size} wrong`);
  console.log(`errors that nothing handled: ${unhandled}`);
  for (const answer of wrong.slice(0, 10)) console.log(`wrong: ${answer}`);
  for (const [price, names] of [...wrongPrices].slice(0, 10)) {
    console.log(`wrong price: ${price}, after: ${names}`);
  }
  const failedInside = [...refreshes.keys()].some((end) => end.startsWith("500"));
  return healed && wrong.length === 0 && slow === 0 && slowestHealingMs < HEALED_MS &&
    !failedInside && wrongPrices.size === 0 && unhandled === 0;
}

/** Disturbs some of: the link to Redis, its clock, the feed, an exchange of the live feed. */
async function inflictSome(testbed: Testbed, live: LiveService, random: Random) {
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

/** Ends all faults; returns how long it then took until Redis was ready, and until a refresh worked. */
async function heal(testbed: Testbed, names: readonly string[]) {
  const { url, redis, feed, feedLink, storeClock } = testbed;
  storeClock.skewMs = 0;
  await endFaults({ redis, feedLink, feed });
  const start = performance.now();
  await eventually(async () => {
    const response = await fetch(`${url}/readyz`);
    await response.body?.cancel();
    return response.ok;
  });
  const redisMs = performance.now() - start;
  if (redisMs > HEALED_MS) {
    console.log(`healing took ${Math.round(redisMs)} ms after: ${names.join(", ")}`);
  }
  // A request to a feed that hangs is waited for, at a tick up to three times: 20 s at most.
  await eventually(async () => (await refresh(url)).status === 200)
    .catch(() => eventually(async () => (await refresh(url)).status === 200));
  const refreshMs = performance.now() - start - redisMs;
  await eventually(async () => await read(url) === feed.summary);
  return { redisMs, refreshMs };
}

async function refreshFor({ url }: Testbed, ms: number, ends: Map<string, number>) {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    // A refresh that waits for the feed may outlast the fault: the soak does not wait for it.
    refresh(url).then(({ status, problem }) => count(ends, `${status} ${problem}`), () => {});
    await pause(REFRESH_PAUSE_MS);
  }
}

async function flush(port: number): Promise<void> {
  using client = await RespClient.connect(port);
  await client.call("FLUSHALL");
}

/** How many errors of a service reached the last line. */
async function countUnhandled(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counts = metrics.matchAll(/^is_bitcoin_lit_unhandled_errors_total\{.*\} (\d+)$/gm);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The memory of the service in MB. */
async function readMemory({ service }: ProcessTestbed): Promise<number> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "rss=", "-p", String(service.pid)],
  }).output();
  return Math.round(Number(new TextDecoder().decode(stdout)) / 1_024);
}

function table(title: string, counts: ReadonlyMap<string, number>): string {
  const lines = [...counts].sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${String(count).padStart(9)}  ${name}`);
  return [`${title}:`, ...lines].join("\n");
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function between({ min, max }: { min: number; max: number }, random: Random): number {
  return min + random() * (max - min);
}

function pick<T>(all: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const picked = all[Math.floor(random() * all.length)];
  if (picked === undefined) throw new RangeError("There must be something to pick from");
  return picked;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
