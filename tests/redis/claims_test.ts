import { assert, assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { RedisClaims } from "../../src/redis/claims.ts";
import { connectRedis } from "../../src/redis/connection.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { noteCommands, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { TcpProxy, type Toxic } from "../helpers/tcp_proxy.ts";

const LIMIT = { timeout: 10_000 };
// When ioredis drops a connection, some timers of its own run out afterwards.
const LEAVES_TIMERS = { ...LIMIT, sanitizeOps: false, sanitizeResources: false };

/** How long a lost reply is waited for, instead of a second. */
const LOST_AFTER_MS = 100;

function setUp({ client, prefix }: TestRedis) {
  const { claims: keys } = keysBelow(prefix);
  return { keys, claims: new RedisClaims(client, keys) };
}

Deno.test("RedisClaims.take() claims by SET NX with an owner, for a time", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys } = setUp(redis);
  const commands = noteCommands(redis.client);
  await claims.take("tick", 50_000);
  const owner = await redis.client.get(keys.tick);
  assertEquals(commands[0], `SET ${keys.tick} ${owner} NX GET PX 50000`);
  const ttl = await redis.client.ttl(keys.tick);
  assert(ttl > 40 && ttl <= 50, `TTL is ${ttl}`);
});

Deno.test("RedisClaims.endIn() sets a new end, or removes the claim", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys } = setUp(redis);
  await claims.take("refresh", 30_000);
  await claims.endIn("refresh", 5_000);
  const ttl = await redis.client.ttl(keys.refresh);
  assert(ttl > 3 && ttl <= 5, `TTL is ${ttl}`);
  await claims.endIn("refresh", 0);
  assertEquals(await redis.client.exists(keys.refresh), 0);
});

Deno.test("RedisClaims.take() claims again after the end", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys } = setUp(redis);
  await claims.take("tick", 1);
  while (await redis.client.exists(keys.tick)) await redis.client.ping();
  assertEquals(await claims.take("tick", 50_000), true);
});

/** Connects through a proxy whose toxic a test sets. */
async function connectByProxy(redis: TestRedis) {
  const proxy = await TcpProxy.start(Number(new URL(redis.url).port));
  const client = connectRedis(`redis://127.0.0.1:${proxy.port}`);
  client.options.commandTimeout = LOST_AFTER_MS;
  client.on("error", () => {});
  await client.connect();
  return {
    proxy,
    claims: new RedisClaims(client, keysBelow(redis.prefix).claims),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** Passes requests on, and loses the first reply with its connection. */
function loseReply(): Toxic {
  let lost = false;
  return {
    async *down(chunk, link) {
      if (lost) yield chunk;
      else link.reset();
      lost = true;
    },
  };
}

Deno.test("RedisClaims.take() owns a claim whose reply was lost", LEAVES_TIMERS, async () => {
  await using redis = await startTestRedis();
  await using link = await connectByProxy(redis);
  link.proxy.toxic = loseReply();
  assertEquals(await link.claims.take("tick", 50_000), true);
  assertEquals(link.proxy.accepted, 2);
  assertEquals(await link.claims.take("tick", 50_000), false);
});

Deno.test(
  "RedisClaims.take() is refused when another owns it after a loss",
  LEAVES_TIMERS,
  async () => {
    await using redis = await startTestRedis();
    await using link = await connectByProxy(redis);
    assertEquals(await setUp(redis).claims.take("tick", 50_000), true);
    link.proxy.toxic = loseReply();
    assertEquals(await link.claims.take("tick", 50_000), false);
  },
);

Deno.test("RedisClaims.take() fails after two lost replies", LEAVES_TIMERS, async () => {
  await using redis = await startTestRedis();
  await using link = await connectByProxy(redis);
  await link.proxy.down();
  await assertRejects(() => link.claims.take("tick", 50_000), StoreError);
});

Deno.test(
  "RedisClaims.take() takes back whichever of its claims was abandoned",
  LEAVES_TIMERS,
  async () => {
    await using redis = await startTestRedis();
    await using connected = await connectByProxy(redis);
    const { proxy, claims } = connected;
    proxy.toxic = { async *down() {} };
    for (const outcome of await Promise.allSettled([1, 2].map(() => claims.take("tick", 50_000)))) {
      assertEquals(outcome.status, "rejected");
    }
    proxy.toxic = undefined;
    proxy.cut();
    assertEquals(await claims.take("tick", 50_000), true);
    assertEquals(await claims.take("tick", 50_000), false);
  },
);
