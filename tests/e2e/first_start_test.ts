import { assert, assertEquals } from "@std/assert";
import { eventually } from "../helpers/eventually.ts";
import {
  EXCHANGES,
  liveEnvironment,
  type LiveSources,
  serveSources,
} from "../helpers/live_sources.ts";
import { runTask } from "../helpers/process.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { readAnswer, requestsTo } from "./requests.ts";

const SOURCES = [...EXCHANGES, "okx", "bybit"] as const;
const HOURS = 720;
const MAX_REQUESTS = 8;

function startService({ url, prefix }: TestRedis, sources: LiveSources) {
  return runTask("start", {
    REDIS_URL: url,
    KEY_PREFIX: prefix,
    ...liveEnvironment(sources),
  });
}

function countRequests(sources: LiveSources): number {
  return SOURCES.reduce((sum, name) => sum + sources[name].requests, 0);
}

Deno.test(
  "main.ts loads 30 days at its first start, and asks for none of them again",
  { timeout: 60_000 },
  async () => {
    await using sources = serveSources();
    await using redis = await startTestRedis();
    // Another instance owns the ticks: what is loaded, the start has loaded.
    await redis.client.set(`${redis.prefix}:live:claim:tick`, "another instance");
    await using first = startService(redis, sources);
    const request = requestsTo(await first.url);
    await eventually(async () => {
      const response = await request(`/history?hours=${HOURS}&bucket=1h`);
      const { points } = await response.json();
      return response.ok && points.length >= HOURS - 1;
    });
    const requests = countRequests(sources);
    assert(requests <= MAX_REQUESTS, `${requests} requests`);
    assertEquals(await first.stop(), 0);

    await using second = startService(redis, sources);
    await readAnswer(requestsTo(await second.url));
    await eventually(() => second.output().includes("redis is ready"));
    assertEquals(await second.stop(), 0);
    assertEquals(countRequests(sources), requests);
  },
);
