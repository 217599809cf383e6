import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { startFixture } from "../fixture.ts";
import { encodeRequest, type RespClient } from "../resp_client.ts";

const OPTIONS = { timeout: 60_000 };
const WRONGTYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
const ABORTED = "-EXECABORT Transaction discarded because of previous errors.\r\n";
const NULL = "$-1\r\n";

/** Sends each request, its words separated by blanks, and returns the last reply. */
async function callAll(client: RespClient, ...requests: string[]): Promise<string> {
  let reply = "";
  for (const request of requests) reply = await client.call(...request.split(" "));
  return reply;
}

Deno.test("MULTI keeps its commands from other connections until EXEC", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  const other = await fixture.connect();
  assertEquals(await callAll(client, "SET key 1", "MULTI", "INCR key", "INCR key"), "+QUEUED\r\n");
  assertEquals(await other.call("GET", "key"), "$1\r\n1\r\n");
  assertEquals(await other.call("SET", "key", "10"), "+OK\r\n");
  assertEquals(await client.call("EXEC"), "*2\r\n:11\r\n:12\r\n");
  assertEquals(await other.call("GET", "key"), "$2\r\n12\r\n");
});

Deno.test("EXEC lets no other connection in between its commands", OPTIONS, async () => {
  await using fixture = await startFixture();
  const clients = await Promise.all(Array.from({ length: 4 }, () => fixture.connect()));
  const requests = [["MULTI"], ["INCR", "key"], ["GET", "key"], ["INCR", "key"], ["EXEC"]];
  const rounds = 50;
  await Promise.all(clients.map(async (client) => {
    await client.write(requests.map(encodeRequest).join("").repeat(rounds));
    for (let round = 0; round < rounds; round++) {
      for (let reply = 0; reply < requests.length - 1; reply++) await client.read();
      const [, first, , read, second] = (await client.read()).split("\r\n");
      assertEquals(first, `:${read}`);
      assertEquals(second, `:${Number(read) + 1}`);
    }
  }));
  const total = String(2 * rounds * clients.length);
  assertEquals(await fixture.client.call("GET", "key"), `$${total.length}\r\n${total}\r\n`);
});

Deno.test("MULTI runs nothing when its client disconnects", OPTIONS, async () => {
  await using fixture = await startFixture();
  const leaving = await fixture.connect();
  await callAll(leaving, "MULTI", "SET key value");
  assertEquals(await leaving.call("QUIT"), "+OK\r\n");
  assertEquals(await leaving.readToEnd(), "");
  assertEquals(await fixture.client.call("GET", "key"), NULL);
});

Deno.test("MULTI inside MULTI is an error that aborts nothing", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  assertEquals(
    await callAll(client, "MULTI", "SET key 1", "MULTI"),
    "-ERR MULTI calls can not be nested\r\n",
  );
  assertEquals(await client.call("EXEC"), "*1\r\n+OK\r\n");
});

Deno.test("EXEC keeps what ran before and after a WRONGTYPE", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await callAll(client, "TS.CREATE series", "MULTI", "TS.MADD series 1 1.5", "INCR series");
  await callAll(client, "SET series x NX GET EX 5", "GET series", "MGET series", "INCR revision");
  assertEquals(
    await client.call("EXEC"),
    `*6\r\n*1\r\n:1\r\n${WRONGTYPE}${WRONGTYPE}${WRONGTYPE}*1\r\n${NULL}:1\r\n`,
  );
  assertEquals(await client.call("TS.GET", "series"), "*2\r\n:1\r\n+1.5\r\n");
  assertEquals(await client.call("GET", "revision"), "$1\r\n1\r\n");
});

Deno.test("EXEC sends subscriptions in their place and own messages last", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await callAll(client, "HELLO 3", "MULTI", "SUBSCRIBE a b", "PUBLISH a x");
  await client.write(encodeRequest(["EXEC"]) + encodeRequest(["QUIT"]));
  const confirmations = [["a", 1], ["b", 2]]
    .map(([channel, count]) => `>3\r\n$9\r\nsubscribe\r\n$1\r\n${channel}\r\n:${count}\r\n`);
  assertEquals(
    await client.readToEnd(),
    `*2\r\n${confirmations.join("")}:1\r\n>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n+OK\r\n`,
  );
});

Deno.test("EXEC counts its commands in INFO commandstats, once they run", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await callAll(client, "MULTI", "GET a", "DISCARD", "MULTI", "GET a", "GET a", "EXEC");
  const info = await client.call("INFO", "commandstats");
  assertEquals(/cmdstat_get:calls=(\d+)/.exec(info)?.[1], "2");
});

Deno.test.each([["ABORT"], ["ROLLBACK"]])(
  "EXEC undoes everything when SQLite fails with %s",
  OPTIONS,
  async (action) => {
    const folder = await Deno.makeTempDir();
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => Deno.remove(folder, { recursive: true }));
    const path = `${folder}/redis.sqlite`;
    await using fixture = await startFixture({ path });
    const { client } = fixture;
    using sqlite = new DatabaseSync(path);
    sqlite.exec(`CREATE TRIGGER fail BEFORE INSERT ON keys WHEN new.name = CAST('bad' AS BLOB)
      BEGIN SELECT RAISE(${action}, 'disk is full'); END`);
    await callAll(client, "TS.CREATE p", "MULTI", "SET good 1", "TS.MADD p 1 1", "SET bad 1");
    assertEquals(await client.call("EXEC"), "-ERR disk is full\r\n");
    assertEquals(await callAll(client, "MGET good bad"), `*2\r\n${NULL}${NULL}`);
    assertEquals(await callAll(client, "TS.GET p"), "*0\r\n");
    assertEquals(await callAll(client, "MULTI", "SET good 1", "EXEC"), "*1\r\n+OK\r\n");
  },
);

const SUBSCRIBED = "only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in " +
  "this context";

/** Requests on one connection, and the reply to the last one, as recorded from real servers. */
const REPLIES: [requests: string, reply: string][] = [
  ["MULTI, CLIENT NOPE, EXEC", ABORTED],
  ["MULTI, CLIENT, EXEC", ABORTED],
  ["MULTI, MULTI x, EXEC", ABORTED],
  ["MULTI, DISCARD x, EXEC", ABORTED],
  ["MULTI, NOPE, SET key 1, EXEC", ABORTED],
  ["MULTI, NOPE, EXEC, EXEC", "-ERR EXEC without MULTI\r\n"],
  ["MULTI, NOPE, DISCARD, SET key 1", "+OK\r\n"],
  ["MULTI, SET key 1, EXEC x, GET key", NULL],
  ["MULTI, SET key 1, EXEC x, EXEC", "-ERR EXEC without MULTI\r\n"],
  ["MULTI, SET key 1, QUIT", "+OK\r\n"],
  [
    "SUBSCRIBE news, EXEC",
    `-EXECABORT Transaction discarded because of: Can't execute 'exec': ${SUBSCRIBED}\r\n`,
  ],
  ["SUBSCRIBE news, MULTI", `-ERR Can't execute 'multi': ${SUBSCRIBED}\r\n`],
  ["MULTI, UNSUBSCRIBE, EXEC", "*1\r\n*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n"],
  ["MULTI, TS.MADD p, EXEC", "*1\r\n-ERR wrong number of arguments for 'ts.madd' command\r\n"],
  ["SET key x, MULTI, FLUSHALL, GET key, EXEC", `*2\r\n+OK\r\n${NULL}`],
  [
    "MULTI, SET a 1 EX 100, INCR a, TTL a, DEL a b a, GET a, EXEC",
    `*5\r\n+OK\r\n:2\r\n:100\r\n:1\r\n${NULL}`,
  ],
];

Deno.test.each(REPLIES)("MULTI: %s replies with %j", OPTIONS, async (requests, reply) => {
  await using fixture = await startFixture({ now: () => 0 });
  assertEquals(await callAll(fixture.client, ...requests.split(", ")), reply);
});
