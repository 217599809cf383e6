import type { Feed } from "./feed.ts";
import type { Finding, NotRun } from "./finding.ts";
import type { LoadGenerator } from "./load.ts";
import { type Server, startServer } from "./server.ts";
import type { Store } from "./store.ts";

const FIRST_ANSWER_TIMEOUT_MS = 15_000;

/** How much is measured: enough to judge, or just enough to see that the bench works. */
export interface Pace {
  readonly rounds: number;
  readonly loadSeconds: number;
  readonly memorySeconds: number;
  readonly samplesPerSeries: number;
  /** How many event streams are open at once. */
  readonly streams: number;
  /** How long the instances of a fleet are read; each renews what it knows every 15 s. */
  readonly fleetSeconds: number;
}

/** What every measure uses. */
export interface Bench {
  readonly store: Store;
  readonly feed: Feed;
  readonly generator: LoadGenerator;
  readonly pace: Pace;
  /** The module of the service: `main.ts`, or a bundle of it. */
  readonly entry: string;
  /** Where the original system runs, if it does. */
  readonly original: string | undefined;
}

/** One file of the bench: what it measures, as rows of the table. */
export interface Measure {
  readonly name: string;
  measure(bench: Bench): Promise<(Finding | NotRun)[]>;
}

/** Starts the service, on keys of its own if no prefix is given, with more variables if need be. */
export function startService(
  bench: Bench,
  prefix: string = bench.store.newPrefix(),
  more: Readonly<Record<string, string>> = {},
): Promise<Server> {
  return startServer({
    entry: bench.entry,
    environment: { ...environmentOf(bench, prefix), ...more },
  });
}

/** The variables of a service on its own keys, which asks the feed at each refresh. */
export function environmentOf({ store, feed }: Bench, prefix: string): Record<string, string> {
  return {
    REDIS_URL: store.url,
    KEY_PREFIX: prefix,
    SENTIMENT_API_URL: feed.url,
    REFRESH_MIN_INTERVAL_SECONDS: "0",
    RETENTION_DAYS: "3650",
  };
}

/** Starts the service and waits until it answers with a summary. */
export async function startWarmService(
  bench: Bench,
  prefix?: string,
  more?: Readonly<Record<string, string>>,
): Promise<Server> {
  const service = await startService(bench, prefix, more);
  try {
    await firstAnswer(summaryOf(service));
    return service;
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
}

/** How the bare server answers. */
export interface BareServerOptions {
  /** What it compares `If-None-Match` with. @default it reads no header */
  etag?: string;
  /** Whether it makes its `Headers` once, which is faster. @default false */
  isPrebuilt?: boolean;
}

/** Starts the peer that answers with the same bytes and headers as the service, and does nothing else. */
export async function startBareServer(
  service: Server,
  { etag, isPrebuilt = false }: BareServerOptions = {},
): Promise<Server> {
  const url = summaryOf(service);
  // `fetch` accepts compression, the load generators do not.
  const common = { "accept-encoding": "identity" };
  const body = await (await fetch(url, { headers: common })).text();
  const answer = await fetch(url, {
    headers: { ...common, ...etag !== undefined && { "if-none-match": etag } },
  });
  await answer.body?.cancel();
  const headers = [...answer.headers].filter(([name]) =>
    !["content-length", "date"].includes(name)
  );
  return startServer({
    entry: "bench/peers/bare_server.ts",
    args: [JSON.stringify({ body, headers, etag, isPrebuilt })],
  });
}

/** Stores a summary where {@linkcode startBareHono} reads it, and returns the key. */
export async function keepSummary({ store }: Bench, service: Server): Promise<string> {
  const key = `${store.newPrefix()}:summary`;
  await store.client.set(key, await firstAnswer(summaryOf(service)));
  return key;
}

/** Starts the peer that reads one key per request; it answers at `/`. */
export function startBareHono({ store }: Bench, key: string): Promise<Server> {
  const environment = { REDIS_URL: store.url };
  return startServer({ entry: "bench/peers/bare_hono.ts", args: [key], environment });
}

/** The URL at which a service answers with its summary. */
export function summaryOf({ url }: Pick<Server, "url">): string {
  return `${url}/is-bitcoin-lit`;
}

/**
 * Requests a URL until the answer is 200, and returns its body.
 *
 * @throws {Error} when it is not 200 after 15 s
 */
export async function firstAnswer(url: string): Promise<string> {
  const end = performance.now() + FIRST_ANSWER_TIMEOUT_MS;
  let last = "nothing";
  while (performance.now() < end) {
    const response = await fetch(url, { signal: AbortSignal.timeout(FIRST_ANSWER_TIMEOUT_MS) });
    const body = await response.text();
    if (response.ok) return body;
    last = body;
  }
  throw new Error(`${url} must answer 200 within ${FIRST_ANSWER_TIMEOUT_MS} ms, answered ${last}`);
}

/** Runs a refresh of the service, and returns its report. */
export async function refresh({ url }: Server): Promise<{ stored: number; received: number }> {
  const response = await fetch(`${url}/refresh`, { method: "POST" });
  const report = await response.json();
  if (!response.ok) throw new Error(`A refresh must succeed: ${report.detail}`);
  return report;
}

/** Runs something in so many rounds, one after the other, and returns all results. */
export async function inRounds<T>(rounds: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < rounds; round++) results.push(await run());
  return results;
}

/** Measures how long something takes, in milliseconds. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
