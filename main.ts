import { delay } from "@std/async/delay";
import { type Config, ConfigError, parseConfig } from "./src/config.ts";
import type { Summary } from "./src/core/summary.ts";
import { createFeed } from "./src/feeds/mod.ts";
import { createApp } from "./src/http/app.ts";
import { EventStreams } from "./src/http/events.ts";
import { createHandler } from "./src/http/handler.ts";
import { toProblem } from "./src/http/problem.ts";
import { RetiringHandler } from "./src/http/retiring_handler.ts";
import { createLog } from "./src/log.ts";
import type { Metrics } from "./src/observe/metrics.ts";
import { type EndedRefresh, Tally } from "./src/observe/tally.ts";
import { RedisClaims } from "./src/redis/claims.ts";
import { closeRedis, connect } from "./src/redis/connection.ts";
import { keysBelow } from "./src/redis/keys.ts";
import { Series } from "./src/redis/series.ts";
import { RedisSummaryCache } from "./src/redis/summary_cache.ts";
import { listenForSummaries, RedisAnnouncer } from "./src/redis/updates.ts";
import { Background } from "./src/use_cases/background.ts";
import { getSummary } from "./src/use_cases/get_summary.ts";
import { HistoryReader } from "./src/use_cases/history.ts";
import { NearCache } from "./src/use_cases/near_cache.ts";
import { checkReadiness } from "./src/use_cases/readiness.ts";
import { type RefreshEnd, Refresher } from "./src/use_cases/refresh.ts";
import { Schedule } from "./src/use_cases/schedule.ts";

/** How long a shutdown waits for the feed, then for everything: Deno Deploy kills after 5 s. */
const FEED_GRACE_MS = 3_000;
const SHUTDOWN_MS = 4_500;

const config = readSettings();
const log = createLog(config.logLevel);
const clock = Date.now;
const background = new Background(log);
const feedRequests = new AbortController();
const ticks = new AbortController();
const tally = new Tally();

const redis = connect(config.redisUrl, {
  onReady() {
    log.info("redis is ready");
    // The second connection comes after the first, on which readers wait.
    if (subscriber.status === "wait") subscriber.connect().catch(() => {});
    background.run("prepare the series", () => schedule.prepare());
  },
  onLost: (error) => log.warn("redis is lost", { error }),
}, config);
const keys = keysBelow(config.keyPrefix, config.feed);
const series = new Series({ client: redis, keys: keys.series, retentionMs: config.retentionMs });
const cache = new RedisSummaryCache(redis, keys.cache);
const reads = { cache: 0, series: 0 };
const onRead = (layer: keyof typeof reads) => reads[layer]++;
const summaries = new NearCache(() => getSummary({ series, cache, background, onRead }), clock);
const histories = new HistoryReader(series, clock);
const answering = { ...config, summaries, clock };
const streams = new EventStreams(answering);

const announcer = new RedisAnnouncer(redis, keys.updates);
const subscriber = connect(config.redisUrl, { onReady() {}, onLost() {} }, config);
listenForSummaries(subscriber, keys.updates, take);

const refresher = new Refresher({
  feed: createFeed(config.feed, { ...config, clock }),
  series,
  cache,
  background,
  clock,
  sleep: (ms, signal) => delay(ms, { signal }),
  random: Math.random,
  log,
  minIntervalMs: config.refreshMinIntervalMs,
  signal: feedRequests.signal,
  onSummary(summary) {
    take(summary);
    background.run("announce the summary", () => announcer.announce(summary));
  },
  onEnd: (end) => tally.countRefresh(describeRefresh(end)),
});
const claims = new RedisClaims(redis, keys.claim);
const schedule = new Schedule({ refresher, series, claims, clock });

Deno.cron("refresh", "* * * * *", { signal: ticks.signal }, () => {
  background.run("refresh at the tick", () => schedule.tick());
});

const markRoute = Deno.env.get("OTEL_DENO")
  ? (await import("./src/observe/tracing.ts")).markRoute
  : undefined;

const app = createApp({
  ...{ ...answering, histories, streams, refresher, log },
  loadWeb: () => import("./src/web/mod.ts"),
  loadMetrics,
  checkReadiness: () => checkReadiness({ series, clock }),
});
const handler = createHandler(app, {
  onRequest: markRoute,
  onAnswer: (answered) => tally.countRequest(answered),
});
const retiring = new RetiringHandler(handler, delay);
// Before anybody can know that the service listens, and wish it to stop.
for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, shutDown);
const server = listen(retiring.fetch);

if (config.refreshToken === undefined) {
  log.warn("REFRESH_TOKEN is not set: whoever reaches this port may ask for a refresh");
}

// The first command would connect too; here it is done before anybody waits for it.
redis.connect().catch(() => {});

function take(summary: Summary): void {
  summaries.put(summary);
  streams.send(summary);
}

/** What renders metrics would be a fifth of the start, so it comes when it is first asked for. */
async function loadMetrics(): Promise<Metrics> {
  const { createMetrics } = await import("./src/observe/metrics.ts");
  return createMetrics({
    tally,
    newestSampleAge: () => summaries.kept && (clock() - Date.parse(summaries.kept.as_of)) / 1_000,
    openStreams: () => streams.size,
    readsByLayer: () => ({ near: summaries.hits, ...reads }),
  });
}

function describeRefresh(end: RefreshEnd): EndedRefresh {
  if ("error" in end) return { outcome: toProblem(end.error)?.type ?? "internal" };
  const { stored, duplicates, rejected } = end.report;
  return { outcome: "ok", samples: { stored, duplicate: duplicates, rejected } };
}

function shutDown(): void {
  // Ctrl-C reaches this process more than once where a task runner passes it on.
  if (ticks.signal.aborted) return;
  log.info("shutting down");
  ticks.abort();
  setTimeout(() => feedRequests.abort(), FEED_GRACE_MS);
  setTimeout(() => Deno.exit(0), SHUTDOWN_MS);
  finish().finally(() => Deno.exit(0));
}

async function finish(): Promise<void> {
  await retiring.retire();
  streams.close();
  await server.shutdown();
  await background.drain();
  await Promise.all([redis, subscriber].map(closeRedis));
}

function readSettings(): Config & { ca: string | undefined } {
  try {
    const config = parseConfig(Deno.env.toObject());
    return { ...config, ca: readCa(config.redisCaFile) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return giveUp(error.message);
  }
}

function readCa(path: string | undefined): string | undefined {
  try {
    return path && Deno.readTextFileSync(path);
  } catch (error) {
    const must = "REDIS_CA_FILE must be a file that --allow-read lets the process read";
    throw new ConfigError(`${must}, is ${JSON.stringify(path)}: ${error}`);
  }
}

function listen(handler: Deno.ServeHandler): Deno.HttpServer {
  const { host: hostname, port } = config;
  try {
    return Deno.serve({ hostname, port, onListen: tellWhere }, handler);
  } catch (error) {
    return giveUp(`HOST and PORT must be free to listen on, are ${hostname}:${port}: ${error}`);
  }
}

function tellWhere({ hostname, port }: Deno.NetAddr): void {
  log.info("listening", { url: `http://${hostname}:${port}` });
}

function giveUp(reason: string): never {
  console.error(reason);
  Deno.exit(1);
}
