import { type Config, ConfigError, parseConfig } from "./src/config.ts";
import { createSentiCrypt } from "./src/feeds/senticrypt.ts";
import { createApp } from "./src/http/app.ts";
import { createLog } from "./src/log.ts";
import { RedisClaims } from "./src/redis/claims.ts";
import { closeRedis, connectRedis } from "./src/redis/connection.ts";
import { keysBelow } from "./src/redis/keys.ts";
import { Series } from "./src/redis/series.ts";
import { RedisSummaryCache } from "./src/redis/summary_cache.ts";
import { Background } from "./src/service/background.ts";
import { getSummary } from "./src/service/get_summary.ts";
import { NearCache } from "./src/service/near_cache.ts";
import { Refresher } from "./src/service/refresh.ts";
import { Schedule } from "./src/service/schedule.ts";

/** How long a shutdown waits for the feed, then for everything: Deno Deploy kills after 5 s. */
const FEED_GRACE_MS = 3_000;
const SHUTDOWN_MS = 4_500;

const config = readConfig();
const log = createLog(config.logLevel);
const clock = Date.now;
const background = new Background(log);
const feedRequests = new AbortController();
const ticks = new AbortController();

const redis = connectRedis(config.redisUrl, {
  onReady() {
    log.info("redis is ready");
    background.run("prepare the series", () => schedule.prepare());
  },
  onLost: (error) => log.warn("redis is lost", { error }),
});
const keys = keysBelow(config.keyPrefix);
const series = new Series({ client: redis, keys: keys.series, retentionMs: config.retentionMs });
const cache = new RedisSummaryCache(redis, keys.cache);
const summaries = new NearCache(() => getSummary({ series, cache, background }), clock);

const refresher = new Refresher({
  feed: createSentiCrypt({ url: config.sentimentApiUrl, clock }),
  series,
  cache,
  background,
  clock,
  log,
  minIntervalMs: config.refreshMinIntervalMs,
  signal: feedRequests.signal,
  onSummary: (summary) => summaries.put(summary),
});
const claims = new RedisClaims(redis, keys.claim);
const schedule = new Schedule({ refresher, series, claims, clock });

Deno.cron("refresh", "* * * * *", { signal: ticks.signal }, () => {
  background.run("refresh at the tick", () => schedule.tick());
});

const app = createApp({ ...config, summaries, refresher, clock, log });
const server = Deno.serve({
  hostname: config.host,
  port: config.port,
  onListen: ({ hostname, port }) => log.info("listening", { url: `http://${hostname}:${port}` }),
}, app.fetch);

// The first command would connect too; this one does before anybody waits for it.
redis.connect().catch(() => {});

Deno.addSignalListener("SIGTERM", shutDown);
Deno.addSignalListener("SIGINT", shutDown);

function shutDown(): void {
  log.info("shutting down");
  ticks.abort();
  setTimeout(() => feedRequests.abort(), FEED_GRACE_MS);
  setTimeout(() => Deno.exit(0), SHUTDOWN_MS);
  finish().finally(() => Deno.exit(0));
}

async function finish(): Promise<void> {
  await server.shutdown();
  await background.drain();
  await closeRedis(redis);
}

function readConfig(): Config {
  try {
    return parseConfig(Deno.env.toObject());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
