import { delay } from "@std/async/delay";
import { parseConfig } from "../src/config.ts";
import { FEED_NAMES, loadFeed } from "../src/feeds/mod.ts";
import { createService, type Service } from "../src/service.ts";
import { type Bench, environmentOf, type Measure } from "./harness/bench.ts";
import { spentOn, sumOf, watchCommands } from "./harness/command_stats.ts";
import type { Finding } from "./harness/finding.ts";

const INSTANCES = 50;
const READ_EVERY_MS = 1_000;
const FIRST_READ_MS = 15_000;
const FIRST_PAUSE_MS = 100;

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Fifty instances on one Redis, all in this process: what each asks of it. */
export const fleet: Measure = { name: "fleet", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const { client } = bench.store;
  const connectionsBefore = await countConnections(bench);
  await using instances = startInstances(bench);
  // The first refresh fills the series; until then there is no answer.
  await Promise.all(instances.services.map((service) => firstRead(service)));
  const connections = await countConnections(bench) - connectionsBefore;

  const reading = await watchCommands(client);
  await readFor(instances.services, bench.pace.fleetSeconds);
  const idle = await reading();
  bench.feed.advance(2);
  const tick = await spentOn(
    client,
    () => Promise.all(instances.services.map((service) => service.tick())),
  );

  const minutes = bench.pace.fleetSeconds / 60;
  const each = (perMinute: number, perTick: number) => (perMinute / minutes + perTick) / INSTANCES;
  const what = `${INSTANCES} instances with readers on one Redis`;
  return [
    {
      what: `${what}, commands of each per minute`,
      values: [each(sumOf(idle.calls), sumOf(tick.calls))],
    },
    {
      what: `${what}, Redis' time for each per minute`,
      values: [each(idle.milliseconds, tick.milliseconds)],
      unit: "ms",
    },
    {
      what: `${what}, connections of each`,
      values: [connections / INSTANCES],
      budget: { atMost: 2 },
    },
    {
      what: `${what}, messages published per change`,
      values: [tick.calls.get("publish") ?? 0],
      budget: { atMost: 1 },
    },
  ];
}

/** Starts the instances; what stops them stops all. */
function startInstances(bench: Bench) {
  const config = parseConfig(environmentOf(bench, bench.store.newPrefix()), FEED_NAMES);
  const services = Array.from({ length: INSTANCES }, () =>
    createService(config, {
      log: SILENT,
      loadFeed: () => loadFeed(config.feed, { ...config, now: Date.now, userAgent: "bench" }),
    }));
  for (const service of services) service.start();
  return {
    services,
    async [Symbol.asyncDispose]() {
      await Promise.all(services.map((service) => service.stop()));
    },
  };
}

async function readOnce(service: Service): Promise<void> {
  const response = await service.fetch(new Request("http://localhost/is-bitcoin-lit"));
  await response.body?.cancel();
  if (!response.ok) throw new Error(`An instance must answer, answered ${response.status}`);
}

async function firstRead(service: Service): Promise<void> {
  const end = performance.now() + FIRST_READ_MS;
  while (performance.now() < end) {
    if (await readOnce(service).then(() => true, () => false)) return;
    await delay(FIRST_PAUSE_MS);
  }
  await readOnce(service);
}

async function readFor(services: readonly Service[], seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    await Promise.all(services.map(readOnce));
    await delay(READ_EVERY_MS);
  }
}

async function countConnections({ store }: Bench): Promise<number> {
  const [, count] = /^connected_clients:(\d+)/m.exec(await store.client.info("clients")) ?? [];
  return Number(count);
}
