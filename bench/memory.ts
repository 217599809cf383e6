import {
  type Bench,
  keepSummary,
  type Measure,
  startBareHono,
  startWarmService,
  summaryOf,
} from "./harness/bench.ts";
import type { Finding } from "./harness/finding.ts";
import { residentMegabytes } from "./harness/server.ts";
import { ratios } from "./harness/statistics.ts";

const SAMPLES = 10;

/** Resident memory under load; both are loaded at the same time, so that they share the minute. */
export const memory: Measure = { name: "memory", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const { generator, pace } = bench;
  await using service = await startWarmService(bench);
  await using hono = await startBareHono(bench, await keepSummary(bench, service));
  const own: number[] = [];
  const plain: number[] = [];
  // Several samples under load: a single one depends on when garbage was last collected.
  const load = Promise.all([
    generator.load({ url: summaryOf(service) }, pace.memorySeconds + SAMPLES),
    generator.load({ url: `${hono.url}/` }, pace.memorySeconds + SAMPLES),
  ]);
  await pause(pace.memorySeconds);
  for (let sample = 0; sample < SAMPLES; sample++) {
    own.push(await residentMegabytes(service));
    plain.push(await residentMegabytes(hono));
    await pause(0.9);
  }
  await load;
  return [
    {
      what: `memory after ${pace.memorySeconds} s of load against bare Hono + ioredis`,
      values: ratios(own, plain),
      unit: "×",
      budget: { atMost: 1.15 },
    },
    { what: "memory of the service", values: own, unit: "MB" },
    { what: "memory of bare Hono + ioredis", values: plain, unit: "MB" },
  ];
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
