import { parseArgs } from "node:util";
import { coldCache } from "./cold_cache.ts";
import { events } from "./events.ts";
import { fleet } from "./fleet.ts";
import type { Bench, Measure, Pace } from "./harness/bench.ts";
import { serveFeed } from "./harness/feed.ts";
import { type Finding, isMiss, type NotRun } from "./harness/finding.ts";
import { findLoadGenerator } from "./harness/load.ts";
import { describeMachine } from "./harness/machine.ts";
import { killServers } from "./harness/server.ts";
import { openStore } from "./harness/store.ts";
import { formatTable } from "./harness/table.ts";
import { instances } from "./instances.ts";
import { memory } from "./memory.ts";
import { pageWeight } from "./page.ts";
import { redisCommands } from "./redis_commands.ts";
import { refreshTime } from "./refresh.ts";
import { scale } from "./scale.ts";
import { start } from "./start.ts";
import { throughput } from "./throughput.ts";
import { trackRecord } from "./track_record.ts";

const MEASURES: readonly Measure[] = [
  throughput,
  redisCommands,
  refreshTime,
  coldCache,
  start,
  memory,
  scale,
  trackRecord,
  pageWeight,
  instances,
  events,
  fleet,
];

const FULL: Pace = {
  rounds: 5,
  loadSeconds: 3,
  memorySeconds: 60,
  samplesPerSeries: 1_000_000,
  streams: 10_000,
  fleetSeconds: 60,
};

const QUICK: Pace = {
  rounds: 2,
  loadSeconds: 1,
  memorySeconds: 3,
  samplesPerSeries: 50_000,
  streams: 1_000,
  fleetSeconds: 15,
};

const README = new URL("./README.md", import.meta.url);
const LAST_RUN = /(?<=<!-- last run -->\n)[^]*(?=<!-- end of last run -->)/;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    original: { type: "string" },
    entry: { type: "string", default: "main.ts" },
  },
});
const measures = chooseMeasures(flags.only);

await using stack = new AsyncDisposableStack();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    killServers();
    stack.disposeAsync().finally(() => Deno.exit(1));
  });
}
const bench: Bench = {
  store: stack.use(
    await openStore(Deno.env.get("BENCH_REDIS_URL") ?? Deno.env.get("TEST_REDIS_URL")),
  ),
  feed: stack.use(serveFeed()),
  generator: await findLoadGenerator(),
  pace: flags.quick ? QUICK : FULL,
  original: flags.original,
  entry: flags.entry,
};
const machine = describeMachine(bench);
console.log(`${machine}\n`);
const rows = await runAll(measures);
const table = formatTable(rows);
console.log(table);
if (flags.write) await writeLastRun(`\n${machine}\n\n${table}\n\n`);
if (rows.some(isFailure)) Deno.exitCode = 1;

function chooseMeasures(names: readonly string[] | undefined): readonly Measure[] {
  if (flags.write && (names || flags.quick)) fail("--write takes neither --only nor --quick");
  const known = MEASURES.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) fail(`--only must be one of ${known.join(", ")}, is ${unknown}`);
  return MEASURES.filter(({ name }) => names?.includes(name) ?? true);
}

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

async function runAll(measures: readonly Measure[]): Promise<(Finding | NotRun)[]> {
  const rows: (Finding | NotRun)[] = [];
  for (const { name, measure } of measures) {
    const start = performance.now();
    rows.push(...await measure(bench).catch((error) => failed(name, error)));
    console.error(`${name}: ${((performance.now() - start) / 1_000).toFixed(0)} s`);
  }
  return rows;
}

function failed(name: string, error: unknown): NotRun[] {
  return [{ what: name, why: String(error).replace(/\s+/g, " "), isFault: true }];
}

function isFailure(row: Finding | NotRun): boolean {
  return "why" in row ? row.isFault ?? false : isMiss(row);
}

async function writeLastRun(text: string): Promise<void> {
  const readme = await Deno.readTextFile(README);
  await Deno.writeTextFile(README, readme.replace(LAST_RUN, () => text));
}
