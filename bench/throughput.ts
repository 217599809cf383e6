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
import type { LoadRequest, LoadResult } from "./harness/load.ts";
import { ratios } from "./harness/statistics.ts";

const WARM_UP_SECONDS = 1;

/** What is loaded in turn. */
type Target = "own" | "page" | "bare" | "prebuilt" | "plain" | "own304" | "bare304" | "original";

type Results = ReadonlyMap<Target, readonly LoadResult[]>;

/** Warm reads against the runtime's limit, a plain service, and the original if it runs. */
export const throughput: Measure = { name: "throughput", measure };

async function measure(bench: Bench): Promise<(Finding | NotRun)[]> {
  await using service = await startWarmService(bench);
  await using bare = await startBareServer(service);
  await using prebuilt = await startBareServer(service, { isPrebuilt: true });
  const own = summaryOf(service);
  const etag = await tagOf(own);
  await using notModified = await startBareServer(service, { etag });
  await using hono = await startBareHono(bench, await keepSummary(bench, service));
  const headers = { "if-none-match": etag };
  const requests = new Map<Target, LoadRequest>([
    ["own", { url: own }],
    ["bare", { url: bare.url }],
    ["prebuilt", { url: prebuilt.url }],
    ["own304", { url: own, headers }],
    ["page", { url: `${service.url}/`, headers: { "accept-encoding": "br" } }],
    ["bare304", { url: notModified.url, headers }],
    ["plain", { url: `${hono.url}/` }],
  ]);
  if (bench.original) requests.set("original", { url: summaryOf({ url: bench.original }) });
  const results = await loadInTurn(bench, requests);
  const slow = bench.generator.isLimit && "the load generator is the limit";
  return [...compareReads(results, slow), againstOriginal(results)];
}

function compareReads(results: Results, slow: string | false): Finding[] {
  const rate = (target: Target) => valuesOf(results, target, "requestsPerSecond");
  const p99 = (target: Target) => valuesOf(results, target, "p99Ms");
  const compared: Finding[] = [
    {
      what: "warm reads against a bare Deno.serve",
      values: ratios(rate("own"), rate("bare")),
      budget: { atLeast: 0.95 },
    },
    {
      what: "p99 of warm reads against a bare Deno.serve",
      values: ratios(p99("own"), p99("bare")),
      budget: { atMost: 1.2 },
    },
    {
      what: "warm reads against a bare Deno.serve with prebuilt Headers",
      values: ratios(rate("own"), rate("prebuilt")),
    },
    {
      what: "warm reads with If-None-Match against a bare Deno.serve that compares it",
      values: ratios(rate("own304"), rate("bare304")),
      budget: { atLeast: 0.95 },
    },
    {
      what: "warm reads against bare Hono + ioredis",
      values: ratios(rate("own"), rate("plain")),
    },
  ];
  return [
    ...compared.map((finding) => unjudged({ ...finding, unit: "×" }, slow)),
    { what: "warm reads, requests/s", values: rate("own") },
    { what: "warm reads with If-None-Match, requests/s", values: rate("own304") },
    { what: "the page in English, compressed, requests/s", values: rate("page") },
    { what: "bare Deno.serve, requests/s", values: rate("bare") },
  ];
}

function againstOriginal(results: Results): Finding | NotRun {
  const what = "warm reads against the original (FastAPI)";
  const original = valuesOf(results, "original", "requestsPerSecond");
  if (original.length === 0) {
    return { what, why: "start the original and pass --original http://127.0.0.1:PORT" };
  }
  const own = valuesOf(results, "own", "requestsPerSecond");
  return { what, values: ratios(own, original), unit: "×", budget: { atLeast: 20 } };
}

function valuesOf(results: Results, target: Target, name: keyof LoadResult): number[] {
  return (results.get(target) ?? []).map((result) => result[name]);
}

/** Loads each target in each round: A B C, A B C, … */
async function loadInTurn(
  { generator, pace }: Bench,
  requests: ReadonlyMap<Target, LoadRequest>,
): Promise<Results> {
  for (const request of requests.values()) await generator.load(request, WARM_UP_SECONDS);
  const results = new Map<Target, LoadResult[]>();
  for (let round = 0; round < pace.rounds; round++) {
    for (const [target, request] of requests) {
      const result = await generator.load(request, pace.loadSeconds);
      results.set(target, [...results.get(target) ?? [], result]);
    }
  }
  return results;
}

async function tagOf(url: string): Promise<string> {
  const { headers, body } = await fetch(url);
  await body?.cancel();
  return headers.get("etag") ?? "";
}
