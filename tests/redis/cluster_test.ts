import { assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async/delay";
import { freePort } from "../../dev/free_port.ts";
import { sendTransaction, StoreError } from "../../src/redis/command.ts";
import { closeRedis, connect, type ConnectionOptions } from "../../src/redis/connection.ts";
import { watchConnection } from "../../src/redis/outages.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { Revision } from "../../src/redis/revision.ts";
import { createAnnounce, receiveSummaries, SummaryCache } from "../../src/summary/cache.ts";
import { assertWithin } from "../helpers/bystander.ts";
import { readAclRule } from "../helpers/acl.ts";
import { eventually } from "../helpers/eventually.ts";
import { keepLog } from "../helpers/log.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { type RedisServer, startRedisServer, tell } from "../helpers/redis_server.ts";
import { NOW, risingAt } from "../helpers/samples.ts";

const ON_DEBIAN = {
  ignore: !HAS_REDIS_SERVER,
  timeout: 60_000,
  sanitizeOps: false,
  sanitizeResources: false,
};
const KEYS = keysBelow("{is-bitcoin-lit}");
const LAST_SLOT = 16_383;

/** Three masters that share the slots. */
async function startCluster() {
  await using parts = new AsyncDisposableStack();
  const options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"];
  const nodes: RedisServer[] = [];
  // By default nodes talk on their port + 10,000, which a connection may have.
  const busPorts = [freePort(), freePort(), freePort()];
  for (const port of busPorts) {
    nodes.push(parts.use(await startRedisServer([...options, "--cluster-port", `${port}`])));
  }
  for (const [i, { port }] of nodes.entries()) {
    const [from, to] = [i, i + 1].map((share) => Math.floor(share * (LAST_SLOT + 1) / 3));
    await tell(port, "CLUSTER", "ADDSLOTSRANGE", `${from}`, `${to! - 1}`);
    await tell(port, "CLUSTER", "MEET", "127.0.0.1", `${nodes[0]!.port}`, `${busPorts[0]}`);
  }
  for (const { port } of nodes) {
    await eventually(async () => String(await tell(port, "CLUSTER", "INFO")).includes("state:ok"));
  }
  const owned = parts.move();
  return { nodes, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Begins to move the slot of a key to another node, and returns the slot. */
async function beginMove(nodes: readonly RedisServer[], key: string): Promise<string> {
  const slot = String(await tell(nodes[0]!.port, "CLUSTER", "KEYSLOT", key));
  const from = Math.floor(Number(slot) * 3 / (LAST_SLOT + 1));
  const [source, target] = [nodes[from]!, nodes[(from + 1) % 3]!];
  const [sourceId, targetId] = [
    String(await tell(source.port, "CLUSTER", "MYID")),
    String(await tell(target.port, "CLUSTER", "MYID")),
  ];
  await tell(target.port, "CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId);
  await tell(source.port, "CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
  return slot;
}

function connectTo(nodes: readonly RedisServer[], options: ConnectionOptions = {}) {
  const changes: string[] = [];
  const urls = nodes.map(({ port }) => `redis://127.0.0.1:${port}`).join(",");
  const redis = connect(urls, options);
  watchConnection(redis, {
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
  const revision = new Revision({ client: redis, key: KEYS.revision, now: () => NOW });
  const cache = new SummaryCache(redis, KEYS.cache, revision);

  await t.step("reads and writes", async () => {
    assertEquals(await cache.read(), { revision: NOW, summary: undefined });
    await cache.write(risingAt(NOW));
    assertEquals(await cache.read(), { revision: NOW, summary: risingAt(NOW) });
  });
  await t.step("runs a transaction on the node that has its keys", async () => {
    const commands = [["SET", KEYS.refresh, "{}"], ...revision.increment] as const;
    assertEquals(await sendTransaction(redis, commands), ["OK", null, NOW + 1]);
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
  await t.step("receives what is announced, and takes the next node after a loss", async () => {
    const received: unknown[] = [];
    const closing = new AbortController();
    await using subscriber = connectTo(nodes, { subscribes: true });
    receiveSummaries(subscriber.redis, {
      channel: KEYS.updates,
      onSummary: (summary) => received.push(summary),
      sleep: (ms, signal) => delay(ms, { signal }),
      log: keepLog(),
      signal: closing.signal,
    });
    await subscriber.redis.connect();
    for (let losses = 0; losses < nodes.length; losses++) {
      received.length = 0;
      await eventually(async () => {
        await createAnnounce(redis, KEYS.updates)(risingAt(NOW));
        return received.length > 0;
      });
      const killed = await Promise.all(
        nodes.map(({ port }) => tell(port, "CLIENT", "KILL", "TYPE", "pubsub")),
      );
      assertEquals(killed, nodes.map((_, i) => i === losses ? 1 : 0));
    }
    closing.abort();
  });
  await t.step(
    "fails a command that is refused while its slot moves, and nothing else",
    async () => {
      const slot = await beginMove(nodes, KEYS.refresh);
      await redis.call("DEL", KEYS.refresh);
      // ioredis sends ASKING to the new node by itself.
      for (const { port } of nodes) await tell(port, "ACL", "SETUSER", "default", "-asking");
      await assertRejects(() => redis.call("GET", KEYS.refresh), Error, "ASK");
      for (const { port } of nodes) await tell(port, "ACL", "SETUSER", "default", "+asking");
      assertEquals(await redis.call("GET", KEYS.refresh), null);
      for (const { port } of nodes) await tell(port, "CLUSTER", "SETSLOT", slot, "STABLE");
    },
  );
  await t.step("fails soon while it is away, and recovers", async () => {
    for (const node of nodes) await node.kill();
    await assertWithin(2_500, () => assertRejects(() => cache.read(), StoreError));
    for (const node of nodes) await node.start();
    await assertWithin(5_000, () => eventually(() => cache.read()));
  });
});

Deno.test(
  "connect() sends a cluster nothing that docs/acl.md does not allow",
  ON_DEBIAN,
  async () => {
    await using cluster = await startCluster();
    const rule = await readAclRule();
    const more = ["+cluster|slots", "+cluster|info", "+asking"];
    for (const { port } of cluster.nodes) await tell(port, "ACL", ...rule, ...more);
    const [, user = "", , password = ""] = rule;
    const login = `${user}:${encodeURIComponent(password.slice(1))}`;
    const urls = cluster.nodes.map(({ port }) => `redis://${login}@127.0.0.1:${port}`).join(",");
    const [client, subscriber] = [connect(urls), connect(urls, { subscribes: true })];
    try {
      const keys = keysBelow("is-bitcoin-lit");
      assertEquals(await client.call("SET", keys.cache, "1"), "OK");
      assertEquals(await subscriber.subscribe(keys.updates), 1);
      for (const { port } of cluster.nodes) assertEquals(await tell(port, "ACL", "LOG"), []);
    } finally {
      await Promise.all([client, subscriber].map(closeRedis));
    }
  },
);
