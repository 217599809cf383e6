import { assertEquals } from "@std/assert";
import { startFixture } from "../fixture.ts";

const OPTIONS = { timeout: 60_000 };

/** Series: `a` has metric=price and asset=btc, `b` metric=mood, `c` no labels. */
const FILTERS: [filters: string, keys: string[]][] = [
  ["metric=price", ["a"]],
  ["metric=(price,mood)", ["a", "b"]],
  ["metric=(price,mood) asset=", ["b"]],
  ["metric=(price,mood) asset!=", ["a"]],
  ["metric=(price,mood) metric!=mood", ["a"]],
  ["metric=(price,mood) asset!=(btc,eth)", ["b"]],
  ["metric=mood asset=btc", []],
];

Deno.test.each(FILTERS)("TS.QUERYINDEX %s finds %j", OPTIONS, async (filters, keys) => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("TS.CREATE", "b", "LABELS", "metric", "mood");
  await client.call("TS.CREATE", "a", "LABELS", "metric", "price", "asset", "btc");
  await client.call("TS.CREATE", "c");
  await client.call("SET", "metric", "price");
  assertEquals(
    await client.call("TS.QUERYINDEX", ...filters.split(" ")),
    `*${keys.length}\r\n${keys.map((key) => `$1\r\n${key}\r\n`).join("")}`,
  );
});

const NO_MATCHER = "-ERR TSDB: please provide at least one matcher";

const REPLIES: [request: string, reply: string][] = [
  ["TS.QUERYINDEX metric", "-ERR TSDB: failed parsing labels"],
  ["TS.QUERYINDEX metric=", NO_MATCHER],
  ["TS.QUERYINDEX metric!=price", NO_MATCHER],
  ["TS.MRANGE x + FILTER metric=price", "-ERR TSDB: wrong fromTimestamp"],
  ["TS.MRANGE - + FILTER", "-ERR TSDB: missing labels for filter argument"],
  ["TS.MGET FILTER", "-ERR wrong number of arguments for 'ts.mget' command"],
  [
    "TS.MGET WITHLABELS FILTER metric=price",
    "*1\r\n*3\r\n$1\r\na\r\n*1\r\n*2\r\n$6\r\nmetric\r\n$5\r\nprice\r\n*0",
  ],
  [
    "TS.MRANGE - + FILTER metric=price GROUPBY metric REDUCE max",
    "-ERR TSDB: GROUPBY is not supported by this server",
  ],
];

Deno.test.each(REPLIES)("%s replies with %j", OPTIONS, async (request, reply) => {
  await using fixture = await startFixture();
  await fixture.client.call("TS.CREATE", "a", "LABELS", "metric", "price");
  assertEquals(await fixture.client.call(...request.split(" ")), reply + "\r\n");
});

Deno.test("DEL and TS.ALTER take a series' old labels away", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("TS.CREATE", "a", "LABELS", "metric", "price");
  await client.call("TS.ALTER", "a", "LABELS", "asset", "btc");
  assertEquals(await client.call("TS.QUERYINDEX", "metric=price"), "*0\r\n");
  await client.call("DEL", "a");
  await client.call("TS.CREATE", "a");
  assertEquals(await client.call("TS.QUERYINDEX", "asset=btc"), "*0\r\n");
});
