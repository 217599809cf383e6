import { assertEquals } from "@std/assert";
import { startFixture } from "../fixture.ts";

const OPTIONS = { timeout: 60_000 };

Deno.test("SET EX keeps a key until it expires", OPTIONS, async () => {
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

Deno.test("SET NX sets a key again after it has expired", OPTIONS, async () => {
  let now = 0;
  await using fixture = await startFixture({ now: () => now });
  const { client } = fixture;
  assertEquals(await client.call("SET", "claim", "a", "NX", "EX", "5"), "+OK\r\n");
  assertEquals(await client.call("SET", "claim", "b", "NX", "EX", "5"), "$-1\r\n");
  now += 5_001;
  assertEquals(await client.call("SET", "claim", "c", "NX", "EX", "5"), "+OK\r\n");
});

Deno.test("TTL rounds to the nearest second", OPTIONS, async () => {
  await using fixture = await startFixture({ now: () => 0 });
  const { client } = fixture;
  for (const [duration, seconds] of [["1500", 2], ["1499", 1], ["499", 0]]) {
    await client.call("SET", "key", "value", "PX", String(duration));
    assertEquals(await client.call("TTL", "key"), `:${seconds}\r\n`);
  }
});

Deno.test("SET without EX removes the expiry of the key", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("SET", "key", "value", "EX", "5");
  await client.call("SET", "key", "value");
  assertEquals(await client.call("TTL", "key"), ":-1\r\n");
});

Deno.test("DEL deletes a series with its samples", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  for (const count of ["first", "second"]) {
    await client.call("TS.CREATE", "series");
    assertEquals(await client.call("TS.GET", "series"), "*0\r\n", count);
    await client.call("TS.MADD", "series", "1", "1");
    assertEquals(await client.call("DEL", "series", "series"), ":1\r\n");
  }
});

Deno.test("EXISTS counts a repeated key each time", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("SET", "key", "value");
  assertEquals(await client.call("EXISTS", "key", "other", "key"), ":2\r\n");
});

Deno.test("INCR restarts at 1 when the key has expired", OPTIONS, async () => {
  let now = 0;
  await using fixture = await startFixture({ now: () => now });
  const { client } = fixture;
  await client.call("SET", "key", "8", "PX", "10");
  assertEquals(await client.call("INCR", "key"), ":9\r\n");
  now += 11;
  assertEquals(await client.call("INCR", "key"), ":1\r\n");
  assertEquals(await client.call("TTL", "key"), ":-1\r\n");
});

Deno.test("PEXPIRE takes the shorter of two lives with LT, of any key", OPTIONS, async () => {
  let now = 0;
  await using fixture = await startFixture({ now: () => now });
  const { client } = fixture;
  await client.call("SET", "key", "value", "PX", "50000");
  assertEquals(await client.call("PEXPIRE", "key", "50000", "LT"), ":0\r\n");
  assertEquals(await client.call("PEXPIRE", "key", "49999", "lt"), ":1\r\n");
  await client.call("TS.CREATE", "series");
  assertEquals(await client.call("PEXPIRE", "series", "49999", "LT"), ":1\r\n");
  now += 50_000;
  assertEquals(await client.call("EXISTS", "key", "series"), ":0\r\n");
});

const NOT_AN_INTEGER = "-ERR value is not an integer or out of range";
const OVERFLOW = "-ERR increment or decrement would overflow";

/** Values before `INCR`, and its replies, as recorded from real servers. */
const INCREMENTS: [value: string, reply: string][] = [
  ["-5", ":-4"],
  ["-1", ":0"],
  ["0", ":1"],
  ["9007199254740993", ":9007199254740994"],
  ["-9223372036854775808", ":-9223372036854775807"],
  ["9223372036854775806", ":9223372036854775807"],
  ["9223372036854775807", OVERFLOW],
  ["9223372036854775808", NOT_AN_INTEGER],
  ["01", NOT_AN_INTEGER],
  ["-0", NOT_AN_INTEGER],
  ["+1", NOT_AN_INTEGER],
  ["1e3", NOT_AN_INTEGER],
  ["1 ", NOT_AN_INTEGER],
  ["", NOT_AN_INTEGER],
];

Deno.test.each(INCREMENTS)("INCR of %j replies with %s", OPTIONS, async (value, reply) => {
  await using fixture = await startFixture();
  await fixture.client.call("SET", "key", value);
  assertEquals(await fixture.client.call("INCR", "key"), reply + "\r\n");
});

const NULL = "$-1";
const VALUE = "$5\r\nvalue";
const WRONGTYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value";
const INVALID_EXPIRY = "-ERR invalid expire time in 'set' command";
const SYNTAX_ERROR = "-ERR syntax error";

/** Requests and replies as recorded from real servers. */
const REPLIES: [request: string, reply: string][] = [
  ["SET key x NX GET", VALUE],
  ["SET key x GET NX EX 5", VALUE],
  ["SET key x XX GET PX 5000", VALUE],
  ["SET key x get GET", VALUE],
  ["SET none x NX GET EX 5", NULL],
  ["SET none x XX GET", NULL],
  ["SET none x XX EX 5", NULL],
  ["SET key x XX EX 5", "+OK"],
  ["SET key x NX NX", NULL],
  ["SET series x NX", NULL],
  ["SET series x XX EX 5", "+OK"],
  ["SET series x XX GET", WRONGTYPE],
  ["SET series x NX GET EX 5", WRONGTYPE],
  ["SET key x NX XX GET", SYNTAX_ERROR],
  ["SET key x GET EX", SYNTAX_ERROR],
  ["SET key x EX 5 GET PX 5", SYNTAX_ERROR],
  ["SET key x EX 10 PX 10", SYNTAX_ERROR],
  ["SET key x EX x NX XX", SYNTAX_ERROR],
  ["SET key x GET EX x", NOT_AN_INTEGER],
  ["SET key x GET EX 0", INVALID_EXPIRY],
  ["SET key x PX 9223372036854775807", INVALID_EXPIRY],
  ["SET key x EX 99999999999999999", INVALID_EXPIRY],
  ["PEXPIRE key 9 NX", ":1"],
  ["PEXPIRE key 9 XX", ":0"],
  ["PEXPIRE key 9 GT", ":0"],
  ["PEXPIRE key 0", ":1"],
  ["PEXPIRE key 9 LT XX", ":0"],
  ["PEXPIRE key x bogus", "-ERR Unsupported option bogus"],
  ["PEXPIRE key 9 XX NX", "-ERR NX and XX, GT or LT options at the same time are not compatible"],
  ["PEXPIRE key 9 LT GT", "-ERR GT and LT options at the same time are not compatible"],
  ["PEXPIRE none 9223372036854775807", "-ERR invalid expire time in 'pexpire' command"],
  ["INCR series", WRONGTYPE],
  ["MGET key series none", `*3\r\n${VALUE}\r\n${NULL}\r\n${NULL}`],
  ["DEL none other", ":0"],
  ["DEL key none key", ":1"],
  ["FLUSHALL LATER", SYNTAX_ERROR],
  ["TTL", "-ERR wrong number of arguments for 'ttl' command"],
  ["DEL", "-ERR wrong number of arguments for 'del' command"],
  ["EXISTS", "-ERR wrong number of arguments for 'exists' command"],
];

Deno.test.each(REPLIES)("%s replies with %j", OPTIONS, async (request, reply) => {
  await using fixture = await startFixture();
  await fixture.client.call("SET", "key", "value");
  await fixture.client.call("TS.CREATE", "series");
  assertEquals(await fixture.client.call(...request.split(" ")), reply + "\r\n");
});
