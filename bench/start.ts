import {
  type Bench,
  environmentOf,
  firstAnswer,
  keepSummary,
  type Measure,
  startBareHono,
  startService,
  startWarmService,
  timed,
} from "./harness/bench.ts";
import type { Finding } from "./harness/finding.ts";
import { buildImage, startImage, warmImage } from "./harness/image.ts";
import type { Server } from "./harness/server.ts";
import { ratios } from "./harness/statistics.ts";

const PATH = "/is-bitcoin-lit";
/** In the folder of the bundle, which Git ignores. */
const CODE_CACHE = "deno-dir";

/** From the start of the process to its first answer, with the summary in Redis. */
export const start: Measure = { name: "start", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const prefix = bench.store.newPrefix();
  const key = await fill(bench, prefix);
  const environment = { ...environmentOf(bench, prefix), DENO_DIR: CODE_CACHE };
  await buildImage();
  await warmImage(environment);
  const own: number[] = [];
  const ownBundled: number[] = [];
  const plain: number[] = [];
  const startSources = () => startService(bench, prefix);
  const startPlain = () => startBareHono(bench, key);
  // The first start fills the peers' code cache; that of the image has been filled already.
  await timeStart(startSources, PATH);
  await timeStart(startPlain, "/");
  for (let round = 0; round < 2 * bench.pace.rounds + 1; round++) {
    own.push(await timeStart(startSources, PATH));
    plain.push(await timeStart(startPlain, "/"));
    ownBundled.push(await timeStart(() => startImage(environment), PATH));
  }
  const against = "against bare Hono + ioredis";
  return [
    {
      what: `start of the image's files to first summary ${against}`,
      values: ratios(ownBundled, plain),
      unit: "×",
      budget: { atMost: 1.1 },
    },
    {
      what: `start of the sources to first summary ${against}`,
      values: ratios(own, plain),
      unit: "×",
    },
    { what: "start of the image's files to first summary", values: ownBundled, unit: "ms" },
    { what: "start of the sources to first summary", values: own, unit: "ms" },
    { what: "bare Hono + ioredis, start to first answer", values: plain, unit: "ms" },
  ];
}

async function fill(bench: Bench, prefix: string): Promise<string> {
  await using service = await startWarmService(bench, prefix);
  return await keepSummary(bench, service);
}

/** From the start of a process to its first 200, in milliseconds. */
async function timeStart(start: () => Promise<Server>, path: string): Promise<number> {
  await using stack = new AsyncDisposableStack();
  return await timed(async () => {
    const server = stack.use(await start());
    await firstAnswer(server.url + path);
  });
}
