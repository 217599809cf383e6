/**
 * Runs the service under random faults and prints what it survived: `deno task soak --minutes 10`.
 * The same `--seed` leads to the same faults in the same order.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { eventually } from "../helpers/eventually.ts";
import { PROMISED_MS, Readers } from "../helpers/readers.ts";
import { endFaults, HEALED_MS } from "./assertions.ts";
import { type LiveService, startLiveService } from "./lying_exchanges.ts";
import { between, createRandom, inflictSome } from "./soak_faults.ts";
import {
  type ProcessTestbed,
  read,
  refresh,
  startProcessTestbed,
  type Testbed,
  warmUp,
} from "./testbed.ts";

const MINUTE_MS = 60_000;
/** Faults can spoil some ticks in a row; a claim that is believed would spoil those of an hour. */
const QUIET_MS = 5 * MINUTE_MS;
const FAULT_MS = { min: 200, max: 8_000 };
const CALM_MS = { min: 0, max: 2_000 };
const REFRESH_PAUSE_MS = 200;

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
const soaked = await soak();
report(soaked);
Deno.exit(isSound(soaked) ? 0 : 1);

type Soaked = Awaited<ReturnType<typeof soak>>;

async function soak() {
  await using testbed = await startProcessTestbed();
  await using live = await startLiveService(testbed);
  await warmUp(testbed);
  const readers = new Readers({ url: testbed.url, truth: testbed.feed.truth });
  const memory = await readMemory(testbed);
  const faults = await survive(testbed, live);
  const reads = await readers.stop();
  const healed = await refresh(testbed.url).then(({ status }) => status === 200) &&
    await read(testbed.url) === testbed.feed.summary;
  return {
    ...faults,
    reads,
    healed,
    memory: `${memory} → ${await readMemory(testbed)}`,
    links: `${testbed.redis.open} to Redis, ${testbed.feedLink.open} to the feed`,
    unhandled: await countUnhandled(testbed.url) + await countUnhandled(live.url),
    storedPrices: (await live.checkPrices()).stored,
  };
}

/** Inflicts faults and heals them until the time is over. */
async function survive(testbed: ProcessTestbed, live: LiveService) {
  const random = createRandom(seed);
  const survived = new Map<string, number>();
  const refreshes = new Map<string, number>();
  const wrongPrices = new Map<string, string>();
  let [healingMs, refreshMs, quietMs, lastTick] = [0, 0, 0, Date.now()];
  const end = performance.now() + minutes * MINUTE_MS;
  while (performance.now() < end) {
    const names = await inflictSome(testbed, live, random);
    for (const name of names) count(survived, name);
    testbed.feed.advance();
    await refreshFor(testbed, between(FAULT_MS, random), refreshes);
    const healing = await heal(testbed, names);
    healingMs = Math.max(healingMs, healing.redisMs);
    refreshMs = Math.max(refreshMs, healing.refreshMs);
    await live.heal();
    lastTick = Math.max(lastTick, await live.readLastTick());
    quietMs = Math.max(quietMs, Date.now() - lastTick);
    for (const price of (await live.checkPrices()).wrong) {
      wrongPrices.set(price, wrongPrices.get(price) ?? names.join(", "));
    }
    await refreshFor(testbed, between(CALM_MS, random), refreshes);
  }
  return { survived, refreshes, wrongPrices, healingMs, refreshMs, quietMs };
}

function report({ reads, wrongPrices, ...soaked }: Soaked): void {
  const { summaries, unavailable, wrong, slow, slowestMs } = reads;
  console.log(table("faults survived", soaked.survived));
  console.log(table("refreshes", soaked.refreshes));
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
  console.log(`slowest healing of Redis: ${Math.round(soaked.healingMs)} ms`);
  console.log(`longest wait for a refresh after that: ${Math.round(soaked.refreshMs)} ms`);
  console.log(`longest time without a tick: ${Math.round(soaked.quietMs / 1_000)} s`);
  console.log(`memory, MB: ${soaked.memory}`);
  console.log(`open links: ${soaked.links}`);
  console.log(`healed at the end: ${soaked.healed ? "yes" : "no"}`);
  console.log(`prices of the live feed: ${soaked.storedPrices} stored, ${wrongPrices.size} wrong`);
  console.log(`errors that nothing handled: ${soaked.unhandled}`);
  for (const answer of wrong.slice(0, 10)) console.log(`wrong: ${answer}`);
  for (const [price, names] of [...wrongPrices].slice(0, 10)) {
    console.log(`wrong price: ${price}, after: ${names}`);
  }
}

function isSound({ reads, refreshes, ...soaked }: Soaked): boolean {
  const failedInside = [...refreshes.keys()].some((end) => end.startsWith("500"));
  return soaked.healed && reads.wrong.length === 0 && reads.slow === 0 && !failedInside &&
    soaked.healingMs < HEALED_MS && soaked.quietMs < QUIET_MS && soaked.wrongPrices.size === 0 &&
    soaked.unhandled === 0;
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
