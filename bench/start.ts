import {
  type Bench,
  firstAnswer,
  keepSummary,
  type Measure,
  startBareHono,
  startService,
  startWarmService,
  summaryOf,
  timed,
} from "./harness/bench.ts";
import type { Finding } from "./harness/finding.ts";
import { ratios } from "./harness/statistics.ts";

/** From the start of the process to its first answer, with the summary in Redis. */
export const start: Measure = { name: "start", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const prefix = bench.store.newPrefix();
  const key = await fill(bench, prefix);
  const bundled = { ...bench, entry: await bundle() };
  const own: number[] = [];
  const ownBundled: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < 2 * bench.pace.rounds + 1; round++) {
    own.push(await timeService(bench, prefix));
    plain.push(await timeBareHono(bench, key));
    ownBundled.push(await timeService(bundled, prefix));
  }
  const against = "against bare Hono + ioredis";
  return [
    {
      what: `start of the bundle, as in the image, to first summary ${against}`,
      values: ratios(ownBundled, plain),
      unit: "×",
      budget: { atMost: 1.1 },
    },
    {
      what: `start of the sources to first summary ${against}`,
      values: ratios(own, plain),
      unit: "×",
    },
    { what: "start of the bundle to first summary", values: ownBundled, unit: "ms" },
    { what: "start of the sources to first summary", values: own, unit: "ms" },
    { what: "bare Hono + ioredis, start to first answer", values: plain, unit: "ms" },
  ];
}

/** Bundles the service as the image does, and returns the module to start. */
async function bundle(): Promise<string> {
  const args = ["task", "--quiet", "build"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(`deno task build failed: ${new TextDecoder().decode(stderr)}`);
  return "dist/main.js";
}

async function fill(bench: Bench, prefix: string): Promise<string> {
  await using service = await startWarmService(bench, prefix);
  return await keepSummary(bench, service);
}

async function timeService(bench: Bench, prefix: string): Promise<number> {
  await using stack = new AsyncDisposableStack();
  return await timed(async () => {
    const service = stack.use(await startService(bench, prefix));
    await firstAnswer(summaryOf(service));
  });
}

async function timeBareHono(bench: Bench, key: string): Promise<number> {
  await using stack = new AsyncDisposableStack();
  return await timed(async () => {
    const hono = stack.use(await startBareHono(bench, key));
    await firstAnswer(`${hono.url}/`);
  });
}
