import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Redis } from "ioredis";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { type Client, StoreError } from "../../src/redis/command.ts";
import { Claims } from "../../src/redis/claims.ts";
import { closeRedis, connectRedis } from "../../src/redis/connection.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { createTestClock } from "../helpers/clock.ts";
import { FaultyLink } from "../helpers/faulty_link.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { noteCommands, PATIENT, startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { startRedisServer } from "../helpers/redis_server.ts";
import { NOW } from "../helpers/samples.ts";
import { TcpProxy, type Toxic } from "../helpers/tcp_proxy.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
// When ioredis drops a connection, some timers of its own run out afterwards.
const LEAVES_TIMERS = { ...LIMIT, sanitizeOps: false, sanitizeResources: false };

/** How long a lost reply is waited for; one that is late on a busy machine is not lost. */
const LOST_AFTER_MS = 2_000;

function setUp({ client, prefix }: { client: Client; prefix: string }) {
  const { claims: keys } = keysBelow(prefix);
  const clock = createTestClock();
  return { keys, clock, claims: new Claims({ client, keys, clock }) };
}

Deno.test("Claims.take() claims by SET NX with an owner, for a time", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys } = setUp(redis);
  const commands = noteCommands(redis.client);
  await claims.take("tick", 50_000);
  const owner = await redis.client.get(keys.tick);
  assertEquals(commands[0], `SET ${keys.tick} ${owner} NX GET PX 50000`);
  const ttl = await redis.client.ttl(keys.tick);
  assert(ttl > 40 && ttl <= 50, `TTL is ${ttl}`);
});

Deno.test("Claim.endIn() sets a new end, or removes the claim", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys } = setUp(redis);
  const claim = await claims.take("refresh", 30_000);
  await claim?.endIn(5_000);
  const ttl = await redis.client.ttl(keys.refresh);
  assert(ttl > 3 && ttl <= 5, `TTL is ${ttl}`);
  await claim?.endIn(0);
  assertEquals(await redis.client.exists(keys.refresh), 0);
});

Deno.test.each([
  { when: "after its time", then: 30_000 },
  { when: "so late that it could arrive after its time", then: 29_001 },
])("Claim.endIn() leaves the claim of the next owner alone $when", LIMIT, async ({ then }) => {
  await using redis = await startTestRedis();
  const { claims, keys, clock } = setUp(redis);
  const claim = await claims.take("refresh", 30_000);
  clock.advance(then);
  await redis.client.set(keys.refresh, "next", "PX", 30_000);
  await claim?.endIn(0);
  await claim?.endIn(5_000);
  assertEquals(await redis.client.get(keys.refresh), "next");
});

Deno.test("Claim.endIn() ends a claim that has a command's time left", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys, clock } = setUp(redis);
  const claim = await claims.take("refresh", 30_000);
  clock.advance(29_000);
  await claim?.endIn(0);
  assertEquals(await redis.client.exists(keys.refresh), 0);
});

/** A client that loses every reply until it is told who holds the claim. */
function createLossyClient() {
  const owners: string[] = [];
  const state = { holder: undefined as string | undefined };
  const client: Client = {
    call(name, args) {
      if (name === "PEXPIRE") return Promise.resolve(1);
      if (state.holder !== undefined) return Promise.resolve(state.holder);
      if (args[1] !== owners.at(-1)) owners.push(String(args[1]));
      return Promise.reject(new Error("Command timed out"));
    },
    multi: () => ({ call() {}, exec: () => Promise.resolve([[null, 1], [null, state.holder]]) }),
  };
  return { client, owners, state };
}

Deno.test("Claims.take() remembers the last 32 claims that it abandoned", LIMIT, async () => {
  const { client, owners, state } = createLossyClient();
  const { claims } = setUp({ client, prefix: "test" });
  for (let i = 0; i < 33; i++) await assertRejects(() => claims.take("tick", 50_000), StoreError);
  const taken = [];
  for (const holder of [owners[0], owners[1], owners[32]]) {
    state.holder = holder;
    taken.push(await claims.take("tick", 50_000) !== undefined);
  }
  assertEquals(taken, [false, true, true]);
});

Deno.test("Claim.endIn() does not end a claim twice", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys, clock } = setUp(redis);
  const claim = await claims.take("refresh", 30_000);
  await claim?.endIn(5_000);
  clock.advance(6_000);
  await redis.client.set(keys.refresh, "next", "PX", 30_000);
  await claim?.endIn(0);
  assertEquals(await redis.client.get(keys.refresh), "next");
});

/** What takes a claim that lasts too long: on a server without time series, too. */
async function takeFromHolder(client: Redis, prefix: string, ttlMs: number | undefined) {
  const { keys, claims } = setUp({ client, prefix });
  if (ttlMs === undefined) await client.set(keys.tick, "holder");
  else await client.set(keys.tick, "holder", "PX", ttlMs);
  const claim = await claims.take("tick", 50_000);
  return { claim, holder: await client.get(keys.tick), ttl: await client.ttl(keys.tick) };
}

const TOO_LONG = [
  { life: "that Redis' clock made last an hour more", ttlMs: 3_644_000, most: 50 },
  { life: "without an expiry", ttlMs: undefined, most: 50 },
  { life: "that ends sooner, and leaves it", ttlMs: 20_000, most: 20 },
];

Deno.test.each(TOO_LONG)(
  "Claims.take() compares a claim $life",
  LIMIT,
  async ({ ttlMs, most }) => {
    await using redis = await startTestRedis();
    const { claim, holder, ttl } = await takeFromHolder(redis.client, redis.prefix, ttlMs);
    assertEquals([claim, holder], [undefined, "holder"]);
    assert(ttl > most - 5 && ttl <= most, `TTL is ${ttl}`);
  },
);

Deno.test.each(TOO_LONG)(
  "Claims.take() compares a claim $life, on redis-server",
  { ...LEAVES_TIMERS, ignore: !HAS_REDIS_SERVER },
  async ({ ttlMs, most }) => {
    await using server = await startRedisServer();
    const client = connectRedis(`redis://127.0.0.1:${server.port}`);
    const { claim, holder, ttl } = await takeFromHolder(client, "test", ttlMs);
    await closeRedis(client);
    assertEquals([claim, holder], [undefined, "holder"]);
    assert(ttl > most - 5 && ttl <= most, `TTL is ${ttl}`);
  },
);

Deno.test("Claims.take() leaves a pause that may last longer", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys } = setUp(redis);
  const claim = await claims.take("refresh", 30_000);
  await claim?.endIn(600_000);
  assertEquals(await claims.take("refresh", 30_000, 600_000), undefined);
  const ttl = await redis.client.ttl(keys.refresh);
  assert(ttl > 590, `TTL is ${ttl}`);
});

Deno.test("Claims.take() claims at last when Redis' clock stepped back", LIMIT, async () => {
  let skewMs = 3_600_000;
  let elapsedMs = 0;
  await using server = startEmbeddedRedis({ now: () => NOW + elapsedMs + skewMs });
  const client = connectRedis(server.url);
  const [first, second] = [1, 2].map(() => setUp({ client, prefix: "test" }).claims);
  assert(await first?.take("tick", 50_000));
  skewMs = 0;
  const taken = [];
  for (let ticks = 0; ticks < 3; ticks++) {
    elapsedMs += 60_000;
    taken.push(await second?.take("tick", 50_000) !== undefined);
  }
  await closeRedis(client);
  assertEquals(taken, [false, true, true]);
});

Deno.test("Claims.take() claims again after the end", LIMIT, async () => {
  await using redis = await startTestRedis();
  const { claims, keys } = setUp(redis);
  await claims.take("tick", 1);
  while (await redis.client.exists(keys.tick)) await redis.client.ping();
  assert(await claims.take("tick", 50_000));
});

/** Connects through a proxy whose toxic a test sets. */
async function connectByProxy(redis: TestRedis) {
  const proxy = await TcpProxy.start(Number(new URL(redis.url).port));
  const bounds = { ...PATIENT, commandMs: LOST_AFTER_MS };
  const client = connectRedis(`redis://127.0.0.1:${proxy.port}`, { bounds });
  client.on("error", () => {});
  await client.connect();
  return {
    proxy,
    claims: new Claims({
      client,
      keys: keysBelow(redis.prefix).claims,
      clock: createTestClock(),
    }),
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

Deno.test("Claims.take() owns a claim whose reply was lost", LEAVES_TIMERS, async () => {
  await using redis = await startTestRedis();
  await using link = await connectByProxy(redis);
  link.proxy.toxic = loseReply();
  assert(await link.claims.take("tick", 50_000));
  assertEquals(link.proxy.accepted, 2);
  assertEquals(await link.claims.take("tick", 50_000), undefined);
});

Deno.test(
  "Claims.take() is refused when another owns it after a loss",
  LEAVES_TIMERS,
  async () => {
    await using redis = await startTestRedis();
    await using link = await connectByProxy(redis);
    assert(await setUp(redis).claims.take("tick", 50_000));
    link.proxy.toxic = loseReply();
    assertEquals(await link.claims.take("tick", 50_000), undefined);
  },
);

Deno.test("Claims.take() fails after two lost replies", LEAVES_TIMERS, async () => {
  await using redis = await startTestRedis();
  await using link = await connectByProxy(redis);
  await link.proxy.down();
  await assertRejects(() => link.claims.take("tick", 50_000), StoreError);
});

Deno.test(
  "Claims.take() takes back whichever of its claims was abandoned",
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
    assert(await claims.take("tick", 50_000));
    assertEquals(await claims.take("tick", 50_000), undefined);
  },
);

/** Abandons a claim whose replies are lost. */
async function abandon(redis: TestRedis) {
  const link = new FaultyLink();
  const client = connectRedis(redis.url);
  link.attach(client);
  const { claims, keys } = setUp({ client, prefix: redis.prefix });
  link.loseReplies(/^SET /);
  await assertRejects(() => claims.take("refresh", 30_000), StoreError);
  link.heal();
  return { link, claims, keys, [Symbol.asyncDispose]: () => closeRedis(client) };
}

Deno.test("Claims.take() renews the claim that it takes back", LEAVES_TIMERS, async () => {
  await using redis = await startTestRedis();
  await using abandoned = await abandon(redis);
  const { claims, keys } = abandoned;
  await redis.client.pexpire(keys.refresh, 1_000);
  const taken = await Promise.all([1, 2].map(() => claims.take("refresh", 30_000)));
  assertEquals(taken.map(Boolean).sort(), [false, true]);
  const ttl = await redis.client.ttl(keys.refresh);
  assert(ttl > 25 && ttl <= 30, `TTL is ${ttl}`);
});

Deno.test(
  "Claims.take() does not take back what another took meanwhile",
  LEAVES_TIMERS,
  async () => {
    await using redis = await startTestRedis();
    await using abandoned = await abandon(redis);
    const { link, claims, keys } = abandoned;
    const held = link.hold(/^(MULTI|PEXPIRE|GET|EXEC) /);
    const taking = claims.take("refresh", 30_000);
    await held.arrived;
    await redis.client.set(keys.refresh, "next", "PX", 30_000);
    held.release();
    assertEquals(await taking, undefined);
    assertEquals(await redis.client.get(keys.refresh), "next");
  },
);

Deno.test(
  "Claims.take() takes back what it could not renew at first",
  LEAVES_TIMERS,
  async () => {
    await using redis = await startTestRedis();
    await using abandoned = await abandon(redis);
    const { link, claims } = abandoned;
    link.loseReplies(/^EXEC /);
    await assertRejects(() => claims.take("refresh", 30_000), StoreError);
    link.heal();
    assert(await claims.take("refresh", 30_000));
  },
);

Deno.test("Claims.take() lets one of many have a name", LIMIT, async () => {
  await using store = await createTestStore();
  const { claims } = store;
  const taken = await Promise.all(Array.from({ length: 10 }, () => claims.take("tick", 60_000)));
  assertEquals(taken.filter(Boolean).length, 1);
  assert(await claims.take("refresh", 60_000));
});

Deno.test("Claim.endIn() ends at once when told so", LIMIT, async () => {
  await using store = await createTestStore();
  const { claims } = store;
  const kept = await claims.take("refresh", 60_000);
  await kept?.endIn(50_000);
  assertEquals(await claims.take("refresh", 60_000), undefined);
  const ended = await claims.take("tick", 60_000);
  await ended?.endIn(0);
  assert(await claims.take("tick", 60_000));
});
