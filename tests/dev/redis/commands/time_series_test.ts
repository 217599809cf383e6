import { assertEquals, assertStringIncludes } from "@std/assert";
import { samplesReply, startFixture } from "../fixture.ts";

const OPTIONS = { timeout: 60_000 };
const ALL_TIME = "9007199254740991";

Deno.test("TS.MADD measures retention from the newest sample before each", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("TS.CREATE", "p", "RETENTION", "1000");
  const tooOld = "-ERR TSDB: Timestamp is older than retention\r\n";
  assertEquals(
    await client.call(
      "TS.MADD",
      ...["5000", "4000", "3999", "7000", "5999", "6000"].flatMap((time) => ["p", time, "1"]),
    ),
    `*6\r\n:5000\r\n:4000\r\n${tooOld}:7000\r\n${tooOld}:6000\r\n`,
  );
  assertEquals(await client.call("TS.RANGE", "p", "-", "+"), samplesReply([[6000, 1], [7000, 1]]));
});

Deno.test("TS.MADD stores a day of two series", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("TS.CREATE", "price");
  await client.call("TS.CREATE", "sentiment");
  const words: string[] = [];
  for (let row = 0; row < 2474; row++) {
    const timestamp = String(1_625_592_626_345 + row * 35_000);
    words.push("price", timestamp, `${33_885.23 + row}`, "sentiment", timestamp, "-0.25");
  }
  assertEquals((await client.call("TS.MADD", ...words)).slice(0, 7), "*4948\r\n");
  assertEquals(
    await client.call("TS.RANGE", "price", "-", "+", "AGGREGATION", "count", ALL_TIME),
    samplesReply([[0, 2474]]),
  );
});

Deno.test("TS.ADD and TS.MADD read * as the current time", OPTIONS, async () => {
  await using fixture = await startFixture({ now: () => 1234 });
  const { client } = fixture;
  assertEquals(await client.call("TS.ADD", "p", "*", "1"), ":1234\r\n");
  assertEquals(
    await client.call("TS.ADD", "p", "*", "2", "ON_DUPLICATE", "max"),
    ":1234\r\n",
  );
  await client.call("TS.CREATE", "q");
  assertEquals(await client.call("TS.MADD", "q", "*", "1"), "*1\r\n:1234\r\n");
});

Deno.test.each([["min"], ["max"], ["sum"]])(
  "TS.MADD blocks NaN beside a stored sample with the policy %s",
  OPTIONS,
  async (policy) => {
    await using fixture = await startFixture();
    const { client } = fixture;
    await client.call("TS.CREATE", "p", "DUPLICATE_POLICY", policy);
    const reply = await client.call("TS.MADD", "p", "1", "1", "p", "1", "nan");
    assertStringIncludes(reply, "\r\n-ERR TSDB: Error at upsert");
    assertEquals(await client.call("TS.RANGE", "p", "-", "+"), samplesReply([[1, 1]]));
  },
);

Deno.test("TS.ALTER with a shorter retention deletes older samples", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("TS.CREATE", "p", "DUPLICATE_POLICY", "last");
  await client.call("TS.MADD", "p", "1000", "1", "p", "3000", "3");
  assertEquals(await client.call("TS.ALTER", "p", "RETENTION", "1000"), "+OK\r\n");
  assertEquals(await client.call("TS.RANGE", "p", "-", "+"), samplesReply([[3000, 3]]));
  assertEquals(await client.call("TS.MADD", "p", "3000", "4"), "*1\r\n:3000\r\n");
  assertEquals(await client.call("TS.GET", "p"), "*2\r\n:3000\r\n+4\r\n");
});

const WRONGTYPE = "-ERR WRONGTYPE Operation against a key holding the wrong kind of value";

const REPLIES: [request: string, reply: string][] = [
  ["TS.ADD p 1", "-ERR wrong number of arguments for 'ts.add' command"],
  ["TS.ADD p x x", "-ERR TSDB: invalid value"],
  ["TS.ADD p 1 1 RETENTION x", "-ERR TSDB: Couldn't parse RETENTION"],
  ["TS.ADD p 1 1 ON_DUPLICATE nope", ":1"],
  ["TS.ADD string 1 1", "-ERR TSDB: the key is not a TSDB key"],
  ["TS.ADD series 1 1 ON_DUPLICATE nope", "-ERR TSDB: Unknown DUPLICATE_POLICY"],
  ["TS.CREATE string RETENTION x", "-ERR TSDB: Couldn't parse RETENTION"],
  ["TS.CREATE p BOGUS", "+OK"],
  ["TS.CREATE p LABELS RETENTION x", "-ERR TSDB: Couldn't parse RETENTION"],
  ["TS.CREATE p LABELS a (b)", "-ERR TSDB: Couldn't parse LABELS"],
  ["TS.CREATE p CHUNK_SIZE x", "-ERR TSDB: Couldn't parse CHUNK_SIZE"],
  ["TS.CREATE p ENCODING", "-ERR wrong number of arguments for 'ts.create' command"],
  ["TS.CREATE p IGNORE 5 5", "-ERR TSDB: IGNORE is not supported by this server"],
  ["TS.ALTER", "-ERR wrong number of arguments for 'ts.alter' command"],
  ["TS.ALTER string RETENTION 1", WRONGTYPE],
  ["TS.INFO string", WRONGTYPE],
  ["TS.DEL series - +", ":0"],
  ["TS.DEL series 0 x", "-ERR TSDB: wrong toTimestamp"],
  ["TS.REVRANGE series 0", "-ERR wrong number of arguments for 'ts.revrange' command"],
  ["TS.GET missing x", "-ERR TSDB: the key does not exist"],
  ["TS.GET series x", "-ERR TSDB: wrong 3rd argument"],
  ["TS.GET series LATEST", "*0"],
];

Deno.test.each(REPLIES)("%s replies with %s", OPTIONS, async (request, reply) => {
  await using fixture = await startFixture();
  await fixture.client.call("SET", "string", "value");
  await fixture.client.call("TS.CREATE", "series");
  assertEquals(await fixture.client.call(...request.split(" ")), reply + "\r\n");
});
