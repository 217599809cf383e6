import { assertEquals, assertThrows } from "@std/assert";
import { Redis } from "ioredis";
import { startEmbeddedRedis } from "../../../dev/redis/mod.ts";
import { startFixture } from "./fixture.ts";
import { encodeRequest, RespClient } from "./resp_client.ts";

const OPTIONS = { timeout: 60_000 };

Deno.test("startEmbeddedRedis() answers a pipeline in order", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.write(
    [["SET", "a", "1"], ["GET", "a"], ["PING"], ["QUIT"]].map(encodeRequest).join(""),
  );
  assertEquals(await client.readToEnd(), "+OK\r\n$1\r\n1\r\n+PONG\r\n+OK\r\n");
});

Deno.test("startEmbeddedRedis() keeps keys and values of any bytes", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
  assertEquals(await client.call("SET", bytes, bytes), "+OK\r\n");
  assertEquals(await client.call("GET", bytes), `$256\r\n${bytes}\r\n`);
});

Deno.test(
  "startEmbeddedRedis() answers a client that reads only after it has sent all",
  OPTIONS,
  async () => {
    await using fixture = await startFixture();
    const { client } = fixture;
    const value = "x".repeat(500_000);
    await client.call("SET", "large", value);
    const requests = encodeRequest(["GET", "large"]).repeat(40);
    await client.write(requests);
    for (let reply = 0; reply < 40; reply++) {
      assertEquals(await client.read(), `$${value.length}\r\n${value}\r\n`);
    }
  },
);

Deno.test(
  "startEmbeddedRedis() answers the requests before a protocol error, then disconnects",
  OPTIONS,
  async () => {
    await using fixture = await startFixture();
    const { client } = fixture;
    await client.write("*1\r\n$4\r\nPING\r\n*x\r\n");
    assertEquals(
      await client.readToEnd(),
      "+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n",
    );
  },
);

Deno.test("startEmbeddedRedis() keeps its data in a file across a restart", OPTIONS, async () => {
  const path = await Deno.makeTempFile();
  {
    await using fixture = await startFixture({ path });
    await fixture.client.call("SET", "key", "value");
    await fixture.client.call("TS.CREATE", "series", "DUPLICATE_POLICY", "FIRST");
    await fixture.client.call("TS.MADD", "series", "1", "1.5");
  }
  {
    await using fixture = await startFixture({ path });
    assertEquals(await fixture.client.call("GET", "key"), "$5\r\nvalue\r\n");
    assertEquals(await fixture.client.call("TS.MADD", "series", "1", "9"), "*1\r\n:1\r\n");
    assertEquals(await fixture.client.call("TS.GET", "series"), "*2\r\n:1\r\n+1.5\r\n");
  }
  await Deno.remove(path);
});

Deno.test("startEmbeddedRedis() throws when the port is taken", OPTIONS, async () => {
  await using fixture = await startFixture();
  assertThrows(() => startEmbeddedRedis({ port: fixture.port }), Deno.errors.AddrInUse);
});

Deno.test(
  "EmbeddedRedis.close() disconnects idle clients and subscribers, and can be called twice",
  OPTIONS,
  async () => {
    const server = startEmbeddedRedis();
    using idle = await RespClient.connect(server.port);
    using subscriber = await RespClient.connect(server.port);
    await idle.call("PING");
    await subscriber.call("SUBSCRIBE", "news");
    await Promise.all([server.close(), server.close()]);
    assertEquals(await idle.readToEnd(), "");
    assertEquals(await subscriber.readToEnd(), "");
  },
);

Deno.test.each([[2], [3]] as const)(
  "startEmbeddedRedis() serves ioredis under RESP%d",
  OPTIONS,
  async (protocol) => {
    await using server = startEmbeddedRedis();
    const redis = new Redis(
      server.url,
      protocol === 3 ? { protocol, replyMapping: "resp3" } : { protocol },
    );
    const subscriber = new Redis(server.url, { protocol });
    try {
      assertEquals(await redis.set("key", "value", "EX", 120), "OK");
      assertEquals(await redis.get("key"), "value");
      await redis.call("TS.CREATE", "series");
      await redis.call("TS.MADD", "series", "1", "0.5");
      const value = protocol === 2 ? "5E-1" : 0.5;
      assertEquals(await redis.call("TS.RANGE", "series", "-", "+"), [[1, value]]);
      assertEquals(
        await redis.multi().call("TS.MADD", "series", "2", "1").incr("revision").exec(),
        [[null, [2]], [null, 1]],
      );
      const received = new Promise((resolve) =>
        subscriber.once("message", (...message) => resolve(message))
      );
      await subscriber.subscribe("news");
      assertEquals(await redis.publish("news", "fresh"), 1);
      assertEquals(await received, ["news", "fresh"]);
    } finally {
      redis.disconnect();
      subscriber.disconnect();
    }
  },
);
