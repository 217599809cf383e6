import { assertEquals, assertRejects } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { closeRedis, connectRedis } from "../../src/redis/connection.ts";
import { watchConnection } from "../../src/redis/outages.ts";
import { assertWithin } from "../helpers/bystander.ts";
import { eventually } from "../helpers/eventually.ts";

// When ioredis drops a connection, some timers of its own run out afterwards.
const LEAVES_TIMERS = { timeout: 60_000, sanitizeOps: false, sanitizeResources: false };

/** Connects, and records the changes of the connection. */
function connect(url: string) {
  const changes: string[] = [];
  const redis = connectRedis(url);
  watchConnection(redis, {
    onReady: () => changes.push("ready"),
    onLost: () => changes.push("lost"),
  });
  return {
    redis,
    changes,
    [Symbol.asyncDispose]: () => closeRedis(redis),
  };
}

Deno.test("connectRedis() connects with the first command", LEAVES_TIMERS, async () => {
  await using server = startEmbeddedRedis();
  await using connection = connect(server.url);
  assertEquals(connection.redis.status, "wait");
  assertEquals(await connection.redis.ping(), "PONG");
  assertEquals(connection.changes, ["ready"]);
});

Deno.test(
  "connectRedis() writes nothing while the database of its URL is refused",
  LEAVES_TIMERS,
  async () => {
    await using server = startEmbeddedRedis();
    await using elsewhere = connect(`${server.url}/99`);
    await assertRejects(() => elsewhere.redis.set("key", "value"));
    assertEquals(elsewhere.changes, ["lost"]);
    await using connection = connect(server.url);
    assertEquals(await connection.redis.get("key"), null);
  },
);

Deno.test(
  "connectRedis() fails soon while Redis is away, and recovers",
  LEAVES_TIMERS,
  async () => {
    const before = startEmbeddedRedis();
    await before[Symbol.asyncDispose]();
    await using connection = connect(before.url);
    await assertWithin(2_500, () => assertRejects(() => connection.redis.ping()));
    await assertRejects(() => connection.redis.ping());
    assertEquals(connection.changes, ["lost"]);

    await using _server = startEmbeddedRedis({ port: before.port });
    await assertWithin(5_000, () => eventually(() => connection.changes.includes("ready")));
    assertEquals(await connection.redis.ping(), "PONG");
  },
);

Deno.test(
  "connectRedis() does not wait for a server that never answers",
  LEAVES_TIMERS,
  async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const connections: Deno.Conn[] = [];
    const accepting = (async () => {
      for await (const connection of listener) connections.push(connection);
    })();
    {
      await using connection = connect(`redis://127.0.0.1:${listener.addr.port}`);
      await assertWithin(2_500, () => assertRejects(() => connection.redis.ping()));
      await eventually(() => connections.length > 1);
    }
    listener.close();
    await accepting;
    for (const connection of connections) connection.close();
  },
);

Deno.test("connectRedis() waits so that every answer takes less than 2.5 s", LEAVES_TIMERS, () => {
  const { options } = connectRedis("redis://localhost");
  const { host, port, connectTimeout, commandTimeout, socketTimeout, maxRetriesPerRequest } =
    options;
  assertEquals(
    { host, port, connectTimeout, commandTimeout, socketTimeout, maxRetriesPerRequest },
    {
      host: "localhost",
      port: 6_379,
      connectTimeout: 1_000,
      commandTimeout: 1_000,
      socketTimeout: 1_500,
      maxRetriesPerRequest: 1,
    },
  );
  const { maxLoadingRetryTime, autoResendUnfulfilledCommands, autoResubscribe } = options;
  assertEquals({ maxLoadingRetryTime, autoResendUnfulfilledCommands, autoResubscribe }, {
    maxLoadingRetryTime: 1_000,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
  });
  assertEquals([1, 2, 10, 11, 1_000].map((attempt) => options.retryStrategy?.(attempt)), [
    100,
    200,
    1_000,
    1_000,
    1_000,
  ]);
  const reconnects = (message: string) => options.reconnectOnError?.(new Error(message));
  assertEquals([reconnects("READONLY You can't write"), reconnects("OOM command")], [true, false]);
});

Deno.test("closeRedis() closes a connection in every state", LEAVES_TIMERS, async () => {
  await using server = startEmbeddedRedis();
  const [idle, ready] = [connect(server.url), connect(server.url)];
  await ready.redis.ping();
  await closeRedis(idle.redis);
  await closeRedis(ready.redis);
  await eventually(() => ready.redis.status === "end" && idle.redis.status === "end");
});
