import { assertEquals } from "@std/assert";
import { type Fixture, samplesReply, startFixture } from "../fixture.ts";

const OPTIONS = { timeout: 60_000 };
const SAMPLES = [[1000, 1], [2000, 2], [3000, 3], [4000, 4], [5500, 5]];

/** Starts a server with a series `p` of five samples. */
async function startWithSamples(): Promise<Fixture> {
  const fixture = await startFixture();
  await fixture.client.call("TS.CREATE", "p");
  const words = SAMPLES.flatMap(([timestamp, value]) => ["p", String(timestamp), String(value)]);
  await fixture.client.call("TS.MADD", ...words);
  return fixture;
}

const RANGES: [query: string, samples: [timestamp: number, value: string | number][]][] = [
  ["- 9223372036854775807 COUNT 1 COUNT 2", [[1000, 1]]],
  ["- + AGGREGATION count 1000 COUNT 2", [[1000, 1], [2000, 1]]],
  ["3000 + AGGREGATION sum 500 EMPTY", [
    [3000, 3],
    [3500, 0],
    [4000, 4],
    [4500, 0],
    [5000, 0],
    [5500, 5],
  ]],
  ["4000 + AGGREGATION count 500 EMPTY", [[4000, 1], [4500, 0], [5000, 0], [5500, 1]]],
  ["4000 + AGGREGATION max 500 EMPTY", [[4000, 4], [4500, "NaN"], [5000, "NaN"], [5500, 5]]],
  ["4000 + AGGREGATION last 500 EMPTY", [[4000, 4], [4500, 4], [5000, 4], [5500, 5]]],
  ["4000 + AGGREGATION avg 500 EMPTY COUNT 2", [[4000, 4], [4500, "NaN"]]],
  ["4000 + AGGREGATION count 500 BUCKETTIMESTAMP mid EMPTY", [
    [4250, 1],
    [4750, 0],
    [5250, 0],
    [5750, 1],
  ]],
  ["3000 + AGGREGATION count 1001 BUCKETTIMESTAMP ~", [[2502, 1], [3503, 1], [5505, 1]]],
  ["1500 5700 ALIGN end AGGREGATION count 1000", [[1700, 1], [2700, 1], [3700, 1], [4700, 1]]],
  ["0 + ALIGN 1100 AGGREGATION count 3000 EMPTY", [[0, 1], [1100, 3], [4100, 1]]],
  ["- + FILTER_BY_TS 3000 1000 1000 1001", [[1000, 1], [3000, 3]]],
  ["2000 + FILTER_BY_TS 1000 3000 x 4000", [[3000, 3]]],
  ["- + FILTER_BY_TS 2000 3000 4000 COUNT 2", [[2000, 2], [3000, 3]]],
  ["- + FILTER_BY_TS 1000 2000 5500 AGGREGATION sum 3000", [[0, 3], [3000, 5]]],
];

Deno.test.each(RANGES)(
  "TS.RANGE %s reads what a real server does",
  OPTIONS,
  async (query, samples) => {
    await using fixture = await startWithSamples();
    const reply = await fixture.client.call("TS.RANGE", "p", ...query.split(" "));
    assertEquals(reply, samplesReply(samples));
  },
);

const MISPLACED_EMPTY = "EMPTY flag should be the 3rd or 5th flag after AGGREGATION flag";
const MISPLACED_BUCKETTIMESTAMP =
  "BUCKETTIMESTAMP flag should be the 3rd or 4th flag after AGGREGATION flag";
const RANGE_ERRORS: [query: string, error: string][] = [
  ["-5 +", "wrong fromTimestamp"],
  ["01 +", "wrong fromTimestamp"],
  ["+ -", "wrong fromTimestamp"],
  ["- 9223372036854775808", "wrong toTimestamp"],
  ["- + COUNT", "COUNT argument is missing"],
  ["- + COUNT 0", "Invalid COUNT value"],
  ["- + AGGREGATION nope 1 COUNT x", "Couldn't parse COUNT"],
  ["- + AGGREGATION count", "Couldn't parse AGGREGATION"],
  ["- + AGGREGATION count -1", "bucketDuration must be greater than zero"],
  ["- + EMPTY AGGREGATION count 500", MISPLACED_EMPTY],
  ["- + BUCKETTIMESTAMP mid AGGREGATION count 1", MISPLACED_BUCKETTIMESTAMP],
  ["- + AGGREGATION count 1 BUCKETTIMESTAMP x", "unknown BUCKETTIMESTAMP parameter"],
  ["- + ALIGN 5", "ALIGN parameter can only be used with AGGREGATION"],
  ["5 + ALIGN x AGGREGATION count 1", "unknown ALIGN parameter"],
  [
    "- + ALIGN start AGGREGATION count 1",
    "start alignment can only be used with explicit start timestamp",
  ],
  [
    "- + ALIGN end AGGREGATION count 1",
    "end alignment can only be used with explicit end timestamp",
  ],
  ["- + FILTER_BY_TS", "FILTER_BY_TS one or more arguments are missing"],
  ["- + FILTER_BY_TS x 1000", "FILTER_BY_TS one or more arguments are missing"],
  ["- + FILTER_BY_VALUE 1 2", "FILTER_BY_VALUE is not supported by this server"],
];

Deno.test.each(RANGE_ERRORS)('TS.RANGE %s replies with "%s"', OPTIONS, async (query, error) => {
  await using fixture = await startWithSamples();
  const reply = await fixture.client.call("TS.RANGE", "p", ...query.split(" "));
  assertEquals(reply, `-ERR TSDB: ${error}\r\n`);
});

Deno.test("TS.RANGE FILTER_BY_TS ignores all timestamps after the first 128", OPTIONS, async () => {
  await using fixture = await startWithSamples();
  const others = Array.from({ length: 127 }, (_, index) => String(index));
  const filter = [...others, "1000", "2000"];
  assertEquals(
    await fixture.client.call("TS.RANGE", "p", "-", "+", "FILTER_BY_TS", ...filter),
    samplesReply([[1000, 1]]),
  );
});

Deno.test("TS.RANGE EMPTY is refused beyond 100,000 buckets", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("TS.ADD", "p", "0", "1");
  await client.call("TS.ADD", "p", "1577836800000", "2");
  const query = (...options: string[]) => client.call("TS.RANGE", "p", "-", "+", ...options);
  const error =
    "-ERR TSDB: EMPTY over more than 100000 buckets is not supported by this server\r\n";
  assertEquals(await query("AGGREGATION", "avg", "1", "EMPTY"), error);
  assertEquals(await query("COUNT", "100001", "AGGREGATION", "last", "1", "EMPTY"), error);
  assertEquals(await query("AGGREGATION", "sum", "15778368", "EMPTY"), error);
  const most = await query("AGGREGATION", "sum", "15778369", "EMPTY");
  assertEquals(most.slice(0, 9), "*100000\r\n");
  const first = await query("COUNT", "2", "AGGREGATION", "count", "1", "EMPTY");
  assertEquals(first, samplesReply([[0, 1], [1, 0]]));
});
