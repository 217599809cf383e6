import { assert, assertEquals } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { runTask } from "../helpers/process.ts";

const TIME_LIMIT = { timeout: 60_000 };
const MAX_DESCRIPTORS = 300;
const CONNECTIONS = 450;

/** Opens more connections than the server can accept. */
async function openConnections(url: string): Promise<Deno.TcpConn[]> {
  const { hostname, port } = new URL(url);
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    try {
      return [await Deno.connect({ hostname, port: Number(port) })];
    } catch {
      // Connections that wait to be accepted are reset when the server stops to listen.
      return [];
    }
  }));
  return connections.flat();
}

/** Starts the service with few descriptors, beside a Redis and a feed that work. */
function startService() {
  const redis = startEmbeddedRedis();
  const feed = serveLocally(() => Response.json(simulateRows(Date.now())));
  const environment = { REDIS_URL: redis.url, SENTIMENT_API_URL: feed.url };
  const service = runTask("start", environment, { maxDescriptors: MAX_DESCRIPTORS });
  return {
    ...service,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await feed[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}

function countStops(output: string): number {
  return output.split("the server stopped listening").length - 1;
}

Deno.test("the service survives a lack of file descriptors", TIME_LIMIT, async () => {
  await using service = startService();
  const url = await service.url;
  for (let round = 1; round <= 2; round++) {
    const connections = await openConnections(url);
    await eventually(() => countStops(service.output()) === round);
    for (const connection of connections) connection.close();
    const response = await eventually(() => fetch(`${url}/healthz`));
    assertEquals([response.status, await response.text()], [200, '{"status":"ok"}\n']);
  }
  // What is loaded when it is first used may have failed to load meanwhile.
  for (const path of ["/", "/docs", "/metrics", "/readyz"]) {
    const { status, body } = await eventually(() => fetch(url + path));
    await body?.cancel();
    assertEquals([path, status], [path, 200]);
  }
  assertEquals(await service.stop(), 0);
});

Deno.test("the service pauses before it listens again", TIME_LIMIT, async () => {
  await using service = startService();
  const url = await service.url;
  const connections: Deno.TcpConn[] = [];
  const start = performance.now();
  // Clients that come back at once must not keep it busy.
  for (let i = 0; i < 5; i++) connections.push(...await openConnections(url));
  await eventually(() => countStops(service.output()) > 0);
  const most = 1 + Math.ceil((performance.now() - start) / 500);
  assert(countStops(service.output()) <= most, service.output());
  for (const connection of connections) connection.close();
});

Deno.test("the service can be stopped during a lack of file descriptors", TIME_LIMIT, async () => {
  await using service = startService();
  const connections = await openConnections(await service.url);
  await eventually(() => countStops(service.output()) > 0);
  const ended = service.stop();
  await eventually(() => service.output().includes("shutting down"));
  for (const connection of connections) connection.close();
  assertEquals(await ended, 0, service.output());
});
