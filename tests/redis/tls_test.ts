import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { closeRedis, connect } from "../../src/redis/connection.ts";
import { watchConnection } from "../../src/redis/outages.ts";
import { makeCertificates } from "../helpers/certificates.ts";
import { eventually } from "../helpers/eventually.ts";
import { runTask } from "../helpers/process.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { startRedisServer } from "../helpers/redis_server.ts";

const LEAVES_TIMERS = { timeout: 60_000, sanitizeOps: false, sanitizeResources: false };
const ON_DEBIAN = { ignore: !HAS_REDIS_SERVER, ...LEAVES_TIMERS };

async function startWithTls() {
  const directory = await Deno.makeTempDir();
  await makeCertificates(directory);
  const server = await startRedisServer([
    "--tls-cert-file",
    `${directory}/server.pem`,
    "--tls-key-file",
    `${directory}/server.key`,
    "--tls-ca-cert-file",
    `${directory}/ca.pem`,
    "--tls-auth-clients",
    "no",
    "--requirepass",
    "p@ss,word",
  ], { tls: true });
  return {
    ...server,
    ca: await Deno.readTextFile(`${directory}/ca.pem`),
    url: `rediss://default:p%40ss%2Cword@127.0.0.1:${server.port}`,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

function connectAndNote(url: string, ca?: string) {
  const changes: string[] = [];
  const redis = connect(url, { ca });
  watchConnection(redis, {
    onReady: () => changes.push("ready"),
    onLost: (error) => changes.push(String(error)),
  });
  return { redis, changes, [Symbol.asyncDispose]: () => closeRedis(redis) };
}

Deno.test("connect() trusts the given authority, and recovers over TLS", ON_DEBIAN, async () => {
  await using server = await startWithTls();
  await using connection = connectAndNote(server.url, server.ca);
  assertEquals(await connection.redis.call("PING"), "PONG");
  await server.kill();
  await assertRejects(() => connection.redis.call("PING"));
  await server.start();
  await eventually(() => connection.changes.filter((change) => change === "ready").length === 2);
  assertEquals(await connection.redis.call("PING"), "PONG");
});

Deno.test("connect() refuses an authority that was not given", ON_DEBIAN, async () => {
  await using server = await startWithTls();
  await using connection = connectAndNote(server.url);
  await assertRejects(() => connection.redis.call("PING"));
  const [change = ""] = connection.changes;
  assertEquals(/certificate|UnknownIssuer/i.test(change), true, change);
});

Deno.test(
  "the service names the file of the authority that it cannot read",
  { timeout: 60_000 },
  async () => {
    const service = runTask("start", { REDIS_CA_FILE: "/run/secrets/nothing.pem" });
    assertEquals(await service.ended, 1);
    assertStringIncludes(service.output(), "REDIS_CA_FILE must be a file");
    assertStringIncludes(service.output(), "/run/secrets/nothing.pem");
  },
);
