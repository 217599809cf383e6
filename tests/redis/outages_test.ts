import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { send, sendTransaction, StoreError, VALUE_REPLY } from "../../src/redis/command.ts";
import { closeRedis, connect } from "../../src/redis/connection.ts";
import { openConnections } from "../../src/redis/outages.ts";
import { makeCertificates } from "../helpers/certificates.ts";
import { eventually } from "../helpers/eventually.ts";
import { keepLog } from "../helpers/log.ts";
import { createTestClock } from "../helpers/clock.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { readProblem } from "../helpers/problems.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { risingAnswer } from "../helpers/samples.ts";
import { createTestService } from "../helpers/service.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { runTask } from "../helpers/process.ts";
import { type RedisServer, startRedisServer, tell } from "../helpers/redis_server.ts";
import { TcpProxy } from "../helpers/tcp_proxy.ts";
import { refuse, substitute } from "../helpers/toxics.ts";

// When ioredis drops a connection, some timers of its own run out afterwards.
const LEAVES_TIMERS = { timeout: 60_000, sanitizeOps: false, sanitizeResources: false };
const ON_DEBIAN = { ignore: !HAS_REDIS_SERVER, ...LEAVES_TIMERS };

const LOST = "the connection to redis is lost";
const READY = "redis is ready";
const NEEDED =
  'redis cannot be reached yet: set REDIS_URL, or run an embedded one with "deno task redis"';
const UNUSABLE = "redis cannot be used: ";
const REFUSED = `${UNUSABLE}it refuses the user or password of REDIS_URL`;
const ANSWERS_ERROR = `${UNUSABLE}it answers with an error`;
const UNTRUSTED = `${UNUSABLE}its certificate is not trusted: see REDIS_CA_FILE`;

const IS_OF_SUBSCRIBER = /announcements/;

/** Both connections of a service, and what was logged about the first. */
function open(url: string, ca?: string) {
  const log = keepLog();
  const client = connect(url, { ca });
  const subscriber = connect(url, { ca, subscribes: true });
  openConnections({ client, subscriber, redisUrl: url, log }, () => {});
  // Which of the two is back first is chance, and the second has lines of its own if it is not.
  const messages = () =>
    log.lines.map(({ message }) => message).filter((line) => !IS_OF_SUBSCRIBER.test(line));
  return {
    client,
    subscriber,
    log,
    messages,
    /** Waits for so many lines. */
    async lines(count: number): Promise<string[]> {
      await eventually(() => messages().length >= count);
      return messages();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([client, subscriber].map(closeRedis));
    },
  };
}

/** Starts a server on the port of one that was killed. */
async function replace(
  server: RedisServer,
  options: readonly string[],
): Promise<Deno.ChildProcess> {
  const args = ["--port", `${server.port}`, "--bind", "127.0.0.1", "--save", "", ...options];
  const child = new Deno.Command("redis-server", { args, stdout: "null", stderr: "null" }).spawn();
  await eventually(async () => {
    (await Deno.connect({ hostname: "127.0.0.1", port: server.port })).close();
    return true;
  });
  return child;
}

Deno.test("a server that answers with an error is not said to be away", ON_DEBIAN, async () => {
  await using server = await startRedisServer();
  await using connections = open(`redis://127.0.0.1:${server.port}/5`);
  assertEquals(await connections.lines(1), [READY]);
  await server.kill();
  assertEquals(await connections.lines(2), [READY, LOST]);
  const other = await replace(server, ["--databases", "1"]);
  assertEquals(await connections.lines(3), [READY, LOST, ANSWERS_ERROR]);
  other.kill();
  await other.status;
});

Deno.test("a server with too many clients is one line, however it closes", ON_DEBIAN, async () => {
  await using server = await startRedisServer();
  await tell(server.port, "CONFIG", "SET", "maxclients", "1");
  using _only = await eventually(() => enter(server.port));
  await using connections = open(`redis://127.0.0.1:${server.port}`);
  let closes = 0;
  connections.client.on("close", () => closes++);
  await eventually(() => closes >= 8);
  // The first attempt may be reset before it reads why.
  assertEquals(connections.messages().filter((message) => message !== NEEDED), [ANSWERS_ERROR]);
});

/** Connects as a client that the server counts; `undefined` if it has too many. */
async function enter(port: number): Promise<Deno.Conn | undefined> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("PING\r\n"));
  const reply = new Uint8Array(1);
  await connection.read(reply);
  if (new TextDecoder().decode(reply) === "+") return connection;
  connection.close();
}

Deno.test("an outage is one line, and another when its reason changes", ON_DEBIAN, async () => {
  await using server = await startRedisServer(["--requirepass", "old"]);
  await using connections = open(`redis://:old@127.0.0.1:${server.port}`);
  assertEquals(await connections.lines(1), [READY]);
  await eventually(() => connections.subscriber.status === "ready");
  await server.kill();
  assertEquals(await connections.lines(2), [READY, LOST]);
  const other = await replace(server, ["--requirepass", "new"]);
  assertEquals(await connections.lines(3), [READY, LOST, REFUSED]);
  other.kill();
  await other.status;
  assertEquals(await connections.lines(4), [READY, LOST, REFUSED, LOST]);
  await server.start();
  assertEquals(await connections.lines(5), [READY, LOST, REFUSED, LOST, READY]);
});

Deno.test("a start with a wrong password names it", ON_DEBIAN, async () => {
  await using server = await startRedisServer(["--requirepass", "other"]);
  await using connections = open(`redis://u:p@127.0.0.1:${server.port}`);
  assertEquals(await connections.lines(1), [REFUSED]);
});

Deno.test("a start without a server says what to run", LEAVES_TIMERS, async () => {
  await using connections = open("redis://127.0.0.1:1");
  assertEquals(await connections.lines(1), [NEEDED]);
});

Deno.test("an authority that is not trusted is named, at a restart too", ON_DEBIAN, async () => {
  const directory = await Deno.makeTempDir();
  await makeCertificates(directory);
  const tls = [
    ["--tls-cert-file", `${directory}/server.pem`],
    ["--tls-key-file", `${directory}/server.key`],
    ["--tls-ca-cert-file", `${directory}/ca.pem`],
    ["--tls-auth-clients", "no"],
  ].flat();
  const ca = await Deno.readTextFile(`${directory}/ca.pem`);
  await using server = await startRedisServer(tls, { tls: true });
  const url = `rediss://127.0.0.1:${server.port}`;
  {
    await using strange = open(url);
    assertEquals(await strange.lines(1), [UNTRUSTED]);
  }
  await using connections = open(url, ca);
  assertEquals(await connections.lines(1), [READY]);
  await server.kill();
  assertEquals(await connections.lines(2), [READY, LOST]);
  // The server comes back with the certificate of another authority.
  await makeCertificates(directory);
  await server.start();
  assertEquals(await connections.lines(3), [READY, LOST, UNTRUSTED]);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a server that closes idle connections is logged each time", ON_DEBIAN, async () => {
  await using server = await startRedisServer(["--timeout", "1"]);
  await using connections = open(`redis://127.0.0.1:${server.port}`);
  // The second connection, which has not subscribed here, is closed as well.
  const linesOfFirst = () =>
    connections.log.lines.filter(({ message }) => [READY, LOST].includes(message));
  await eventually(() => linesOfFirst().length >= 3);
  const [, lost, again] = linesOfFirst();
  assertEquals([lost?.message, again?.message], [LOST, READY]);
  assertStringIncludes(String(lost?.fields.error), "closed the connection");
});

Deno.test("the loss of the second connection alone is logged", LEAVES_TIMERS, async () => {
  await using server = startEmbeddedRedis();
  await using proxy = await TcpProxy.start(server.port);
  await using connections = open(`redis://127.0.0.1:${proxy.port}`);
  await eventually(() => connections.subscriber.status === "ready");
  connections.subscriber.disconnect(true);
  const { lines } = connections.log;
  await eventually(() => lines.length >= 3);
  assertEquals(lines.map(({ message }) => message), [
    READY,
    "the connection for announcements is lost",
    "announcements of other instances are received again",
  ]);
});

Deno.test("a version before 7.0 is named, and nothing is sent to it", LEAVES_TIMERS, async () => {
  await using server = startEmbeddedRedis();
  await using proxy = await TcpProxy.start(server.port);
  const info = "redis_version:6.2.14\r\nloading:0\r\n";
  proxy.toxic = substitute({ request: /^info/i, reply: `$${info.length}\r\n${info}\r\n` });
  await using connections = open(`redis://127.0.0.1:${proxy.port}`);
  assertEquals(await connections.lines(1), [`${UNUSABLE}it is too old`]);
  assertStringIncludes(
    String(connections.log.lines[0]?.fields.error),
    "needs Redis 7.0 or later, is 6.2",
  );
  await eventually(async () => {
    const sending = () => send(connections.client, VALUE_REPLY, ["GET", "k"]);
    const { message } = await assertRejects(sending, StoreError);
    return message === "The store needs Redis 7.0 or later, is 6.2";
  });
});

Deno.test("a right that lacks is noted until the command works", ON_DEBIAN, async () => {
  await using server = await startRedisServer();
  const { port } = server;
  await tell(port, "ACL", "SETUSER", "u", "on", ">p", "~*", "&*", "+@all", "-incr", "-info");
  await using connections = open(`redis://u:p@127.0.0.1:${port}`);
  const { client } = connections;
  const increment = () => sendTransaction(client, [["SET", "k", 1], ["INCR", "k"]]);
  await assertRejects(increment, StoreError, "may not run INCR (NOPERM)");
  assertEquals([...client.refusals.keys()], ["incr"]);
  await tell(port, "ACL", "SETUSER", "u", "+incr");
  assertEquals(await increment(), ["OK", 2]);
  assertEquals(client.refusals.size, 0);
});

Deno.test.each([
  { user: "may not run INFO", rules: ["u", "on", ">p", "~*", "&*", "+@all", "-info"] },
  { user: "needs no password", rules: ["default", "on", "nopass"] },
])("the service logs only its own lines when the user $user", ON_DEBIAN, async ({ rules }) => {
  await using server = await startRedisServer();
  await tell(server.port, "ACL", "SETUSER", ...rules);
  const [name = ""] = rules;
  await using service = runTask("start", {
    REDIS_URL: `redis://${name === "default" ? "" : name}:p@127.0.0.1:${server.port}`,
  });
  await service.url;
  await eventually(() => service.output().includes(READY));
  await service.stop();
  const lines = service.output().trim().split("\n");
  assertEquals(lines.filter((line) => !line.startsWith('{"@timestamp"')), []);
});

Deno.test("a refused SUBSCRIBE is a line of the service", ON_DEBIAN, async () => {
  await using server = await startRedisServer();
  const rules = ["u", "on", ">p", "~*", "resetchannels", "+@all"];
  await tell(server.port, "ACL", "SETUSER", ...rules);
  await using service = runTask("start", { REDIS_URL: `redis://u:p@127.0.0.1:${server.port}` });
  await eventually(() =>
    service.output().includes("announcements of other instances cannot be received")
  );
});

Deno.test(
  "a refused TS.MADD is named by POST /refresh, the log and /readyz",
  LEAVES_TIMERS,
  async () => {
    await using redis = await startTestRedis();
    await using proxy = await TcpProxy.start(Number(new URL(redis.url).port));
    const denied = "NOPERM this user has no permissions to run the 'ts.madd' command";
    proxy.toxic = refuse(/^TS\.MADD/i, denied);
    const clock = createTestClock();
    await using service = createTestService({
      redis: { url: `redis://127.0.0.1:${proxy.port}`, prefix: redis.prefix },
      feed: createFakeFeed({ test: risingAnswer }),
      environment: { REFRESH_MIN_INTERVAL_SECONDS: "0" },
      clock,
    });
    service.start();
    const says = "may not run TS.MADD (NOPERM)";
    await eventually(() =>
      service.log.lines.some(({ fields }) => String(fields.error).includes(says))
    );
    const refused = await service.request("/refresh", { method: "POST" });
    assertEquals([refused.status, (await readProblem(refused)).detail.includes(says)], [503, true]);
    const unready = await service.request("/readyz");
    assertEquals([unready.status, (await readProblem(unready)).detail.includes(says)], [503, true]);
    proxy.toxic = undefined;
    clock.advance(2_000);
    assertEquals((await service.request("/refresh", { method: "POST" })).status, 200);
    assertEquals((await service.request("/readyz")).status, 200);
  },
);
