import { assertEquals } from "@std/assert";
import { startFixture } from "../fixture.ts";

Deno.test("SET EX keeps a key until its time is over", async () => {
  let now = 1_000_000;
  await using fixture = await startFixture({ now: () => now });
  const { client } = fixture;
  await client.call("SET", "key", "value", "EX", "120");
  now += 120_000;
  assertEquals(await client.call("GET", "key"), "$5\r\nvalue\r\n");
  now += 1;
  assertEquals(await client.call("GET", "key"), "$-1\r\n");
  assertEquals(await client.call("EXISTS", "key"), ":0\r\n");
  assertEquals(await client.call("TTL", "key"), ":-2\r\n");
});

Deno.test("SET NX takes a key again when its time is over", async () => {
  let now = 0;
  await using fixture = await startFixture({ now: () => now });
  const { client } = fixture;
  assertEquals(await client.call("SET", "claim", "a", "NX", "EX", "5"), "+OK\r\n");
  assertEquals(await client.call("SET", "claim", "b", "NX", "EX", "5"), "$-1\r\n");
  now += 5_001;
  assertEquals(await client.call("SET", "claim", "c", "NX", "EX", "5"), "+OK\r\n");
});

Deno.test("TTL rounds to the nearest second", async () => {
  await using fixture = await startFixture({ now: () => 0 });
  const { client } = fixture;
  for (const [duration, seconds] of [["1500", 2], ["1499", 1], ["499", 0]]) {
    await client.call("SET", "key", "value", "PX", String(duration));
    assertEquals(await client.call("TTL", "key"), `:${seconds}\r\n`);
  }
});

Deno.test("SET without EX drops the expiry of the key", async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("SET", "key", "value", "EX", "5");
  await client.call("SET", "key", "value");
  assertEquals(await client.call("TTL", "key"), ":-1\r\n");
});

Deno.test("DEL of a series forgets its samples", async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  for (const count of ["first", "second"]) {
    await client.call("TS.CREATE", "series");
    assertEquals(await client.call("TS.GET", "series"), "*0\r\n", count);
    await client.call("TS.MADD", "series", "1", "1");
    assertEquals(await client.call("DEL", "series", "series"), ":1\r\n");
  }
});

Deno.test("EXISTS counts a key as often as it is named", async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("SET", "key", "value");
  assertEquals(await client.call("EXISTS", "key", "other", "key"), ":2\r\n");
});

const INVALID_EXPIRY = "-ERR invalid expire time in 'set' command\r\n";
const SYNTAX_ERROR = "-ERR syntax error\r\n";
const ERRORS: [request: string[], reply: string][] = [
  [["SET", "k", "v", "PX", "9223372036854775807"], INVALID_EXPIRY],
  [["SET", "k", "v", "EX", "99999999999999999"], INVALID_EXPIRY],
  [["SET", "k", "v", "EX", "10", "PX", "10"], SYNTAX_ERROR],
  [["SET", "k", "v", "EX", "x", "NX", "XX"], SYNTAX_ERROR],
  [["FLUSHALL", "LATER"], SYNTAX_ERROR],
  [["TTL"], "-ERR wrong number of arguments for 'ttl' command\r\n"],
  [["DEL"], "-ERR wrong number of arguments for 'del' command\r\n"],
  [["EXISTS"], "-ERR wrong number of arguments for 'exists' command\r\n"],
];

for (const [request, reply] of ERRORS) {
  Deno.test(`${request.join(" ")} answers ${reply.trim()}`, async () => {
    await using fixture = await startFixture();
    assertEquals(await fixture.client.call(...request), reply);
  });
}
