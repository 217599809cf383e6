import { assertEquals } from "@std/assert";
import { startFixture } from "../fixture.ts";

const OPTIONS = { timeout: 60_000 };
const SYNTAX_ERROR = "-ERR syntax error";

const REPLIES: [request: string, reply: string][] = [
  ["KEYS s*", "*2\r\n$6\r\nseries\r\n$6\r\nstring"],
  ["SCAN 0 TYPE string", "*2\r\n$1\r\n0\r\n*1\r\n$6\r\nstring"],
  ["SCAN 0 COUNT 1 TYPE TSDB-TYPE MATCH s*", "*2\r\n$1\r\n0\r\n*1\r\n$6\r\nseries"],
  ["SCAN 7", "*2\r\n$1\r\n0\r\n*0"],
  ["SCAN -1", "-ERR invalid cursor"],
  ["SCAN 0 MATCH", SYNTAX_ERROR],
  ["SCAN 0 LIMIT 5", SYNTAX_ERROR],
  ["SCAN 0 COUNT 0", SYNTAX_ERROR],
  ["SCAN 0 COUNT x", "-ERR value is not an integer or out of range"],
  ["DBSIZE", ":2"],
];

Deno.test.each(REPLIES)("%s replies with %j", OPTIONS, async (request, reply) => {
  await using fixture = await startFixture();
  await fixture.client.call("SET", "string", "value");
  await fixture.client.call("TS.CREATE", "series");
  assertEquals(await fixture.client.call(...request.split(" ")), reply + "\r\n");
});

Deno.test("KEYS, SCAN, TYPE and DBSIZE leave out a key that has expired", OPTIONS, async () => {
  let now = 0;
  await using fixture = await startFixture({ now: () => now });
  const { client } = fixture;
  await client.call("SET", "key", "value", "PX", "10");
  now += 11;
  assertEquals(await client.call("KEYS", "*"), "*0\r\n");
  assertEquals(await client.call("SCAN", "0"), "*2\r\n$1\r\n0\r\n*0\r\n");
  assertEquals(await client.call("DBSIZE"), ":0\r\n");
  assertEquals(await client.call("TYPE", "key"), "+none\r\n");
});
