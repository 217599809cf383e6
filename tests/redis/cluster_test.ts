import { assert, assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { closeRedis, connect } from "../../src/redis/connection.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { RedisSummaryCache } from "../../src/redis/summary_cache.ts";
import { listenForSummaries, RedisAnnouncer } from "../../src/redis/updates.ts";
import { eventually } from "../helpers/eventually.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { type RedisServer, startRedisServer, tell } from "../helpers/redis_server.ts";
import { RISING_SUMMARY } from "../helpers/samples.ts";

const ON_DEBIAN = { ignore: !HAS_REDIS_SERVER, sanitizeOps: false, sanitizeResources: false };
const KEYS = keysBelow("{is-bitcoin-lit}");
const LAST_SLOT = 16_383;

/** Three masters that share the slots. */
async function startCluster() {
  await using parts = new AsyncDisposableStack();
  const options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"];
  const nodes: RedisServer[] = [];
  for (let i = 0; i < 3; i++) nodes.push(parts.use(await startRedisServer(options)));
  for (const [i, { port }] of nodes.entries()) {
    const [from, to] = [i, i + 1].map((share) => Math.floor(share * (LAST_SLOT + 1) / 3));
    await tell(port, "CLUSTER", "ADDSLOTSRANGE", `${from}`, `${to! - 1}`);
    await tell(port, "CLUSTER", "MEET", "127.0.0.1", `${nodes[0]!.port}`);
  }
  for (const { port } of nodes) {
    await eventually(async () => String(await tell(port, "CLUSTER", "INFO")).includes("state:ok"));
  }
  const owned = parts.move();
  return { nodes, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function connectTo(nodes: readonly RedisServer[]) {
  const changes: string[] = [];
  const urls = nodes.map(({ port }) => `redis://127.0.0.1:${port}`).join(",");
  const redis = connect(urls, {
    onReady: () => changes.push("ready"),
    onLost: () => changes.push("lost"),
  });
  return { redis, changes, [Symbol.asyncDispose]: () => closeRedis(redis) };
}

/** How often each node has refused a command. */
function countErrors(nodes: readonly RedisServer[]): Promise<number[]> {
  return Promise.all(nodes.map(async ({ port }) => {
    const [, count = "0"] = /errorstat_ERR:count=(\d+)/
      .exec(String(await tell(port, "INFO", "errorstats"))) ?? [];
    return Number(count);
  }));
}

// A node takes no commands in its first two seconds, so that these share a cluster.
Deno.test("connect() on a cluster", ON_DEBIAN, async (t) => {
  await using cluster = await startCluster();
  const { nodes } = cluster;
  await using connection = connectTo(nodes);
  const { redis } = connection;
  const cache = new RedisSummaryCache(redis, KEYS.cache);

  await t.step("reads and writes", async () => {
    await cache.write(RISING_SUMMARY);
    assertEquals(await cache.read(), RISING_SUMMARY);
  });
  await t.step("asks the node that has the key of a time series", async () => {
    const slot = await tell(nodes[0]!.port, "CLUSTER", "KEYSLOT", KEYS.series.price);
    const owner = Math.floor(Number(slot) * 3 / (LAST_SLOT + 1));
    const before = await countErrors(nodes);
    // These nodes have no time series and refuse; the question is which of them is asked.
    for (let i = 0; i < 20; i++) {
      await assertRejects(() => redis.call("TS.GET", KEYS.series.price));
    }
    const after = await countErrors(nodes);
    const asked = after.map((count, i) => count - (before[i] ?? 0));
    assertEquals(asked, nodes.map((_, i) => i === owner ? 20 : 0));
  });
  await t.step("hears what is announced", async () => {
    await using listening = connectTo(nodes);
    const heard: unknown[] = [];
    listenForSummaries(listening.redis, KEYS.updates, (summary) => heard.push(summary));
    await listening.redis.connect();
    await eventually(async () => {
      await new RedisAnnouncer(redis, KEYS.updates).announce(RISING_SUMMARY);
      return heard.length > 0;
    });
  });
  await t.step("fails soon while it is away, and heals", async () => {
    for (const node of nodes) await node.kill();
    for (let i = 0; i < 2; i++) {
      const waited = await secondsOf(() => assertRejects(() => cache.read(), StoreError));
      assert(waited < 2.5, `${waited} s`);
    }
    for (const node of nodes) await node.start();
    const healing = await secondsOf(() => eventually(async () => await cache.read() === undefined));
    assert(healing < 5, `${healing} s`);
  });
});

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1_000;
}
