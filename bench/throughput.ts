import {
  type Bench,
  keepSummary,
  type Measure,
  startBareHono,
  startBareServer,
  startWarmService,
  summaryOf,
} from "./harness/bench.ts";
import { type Finding, type NotRun, unjudged } from "./harness/finding.ts";
import type { LoadResult } from "./harness/load.ts";
import { ratios } from "./harness/statistics.ts";

const WARM_UP_SECONDS = 1;

/** Warm reads against the runtime's limit, the plain service, and the original where it runs. */
export const throughput: Measure = { name: "throughput", measure };

async function measure(bench: Bench): Promise<(Finding | NotRun)[]> {
  await using service = await startWarmService(bench);
  await using bare = await startBareServer(service);
  await using hono = await startBareHono(bench, await keepSummary(bench, service));
  const urls = [
    summaryOf(service),
    bare.url,
    `${hono.url}/`,
    ...bench.original ? [summaryOf({ url: bench.original })] : [],
  ];
  const [own = [], limit = [], plain = [], original = []] = await loadInTurn(bench, urls);
  const slow = bench.generator.isLimit && "the load generator is the limit";
  return [
    unjudged({
      what: "warm reads against a bare Deno.serve",
      values: ratios(own.map(rate), limit.map(rate)),
      unit: "×",
      budget: { atLeast: 0.8 },
    }, slow),
    unjudged({
      what: "p99 of warm reads against a bare Deno.serve",
      values: ratios(own.map(p99), limit.map(p99)),
      unit: "×",
      budget: { atMost: 2 },
    }, slow),
    { what: "warm reads, requests/s", values: own.map(rate) },
    { what: "bare Deno.serve, requests/s", values: limit.map(rate) },
    {
      what: "warm reads against bare Hono + ioredis",
      values: ratios(own.map(rate), plain.map(rate)),
      unit: "×",
    },
    againstOriginal(own.map(rate), original.map(rate)),
  ];
}

function againstOriginal(own: number[], original: number[]): Finding | NotRun {
  const what = "warm reads against the original (FastAPI)";
  if (original.length > 0) {
    return { what, values: ratios(own, original), unit: "×", budget: { atLeast: 15 } };
  }
  return { what, why: "start the original and pass --original http://127.0.0.1:PORT" };
}

/** Loads each URL in each round: A B C, A B C, … */
async function loadInTurn(bench: Bench, urls: readonly string[]): Promise<LoadResult[][]> {
  const { generator, pace } = bench;
  for (const url of urls) await generator.load(url, WARM_UP_SECONDS);
  const results: LoadResult[][] = urls.map(() => []);
  for (let round = 0; round < pace.rounds; round++) {
    for (const [i, url] of urls.entries()) {
      results[i]?.push(await generator.load(url, pace.loadSeconds));
    }
  }
  return results;
}

function rate({ requestsPerSecond }: LoadResult): number {
  return requestsPerSecond;
}

function p99({ p99Ms }: LoadResult): number {
  return p99Ms;
}
