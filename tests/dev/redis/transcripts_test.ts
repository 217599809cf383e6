import { assertAlmostEquals, assertEquals } from "@std/assert";
import { startEmbeddedRedis } from "../../../dev/redis/mod.ts";
import transcripts from "./transcripts.json" with { type: "json" };
import { RespClient } from "./resp_client.ts";

type RecordedReply = string | Record<string, string>;

interface Step {
  readonly send: string[];
  readonly resp2: RecordedReply;
  readonly resp3: RecordedReply;
}

const REFERENCE_SERVER = "redis-8.6.3+timeseries-8.6.2";
const RELATIVE_TOLERANCE = 1e-9;

/** A double in a reply: a status under RESP2, a double under RESP3. */
const DOUBLE = /(?<=^[+,])-?\d[^\r]*/gm;

const CASES = transcripts.cases.flatMap(({ name, steps }) =>
  (["2", "3"] as const).map((protocol) => ({ name, steps, protocol }))
);

Deno.test.each(CASES)(
  "startEmbeddedRedis() replies as a real server under RESP$protocol: $name",
  { timeout: 60_000 },
  async ({ steps, protocol }) => {
    await using server = startEmbeddedRedis();
    using client = await RespClient.connect(server.port);
    await client.call("HELLO", protocol);
    for (const step of steps) await replay(client, step, protocol);
  },
);

async function replay(client: RespClient, step: Step, protocol: "2" | "3"): Promise<void> {
  const recorded = protocol === "2" ? step.resp2 : step.resp3;
  const expected = typeof recorded === "string" ? recorded : recorded[REFERENCE_SERVER] ?? "";
  const actual = await client.call(...step.send);
  if (!step.send.includes("AGGREGATION")) return assertEquals(actual, expected);
  assertEquals(actual.replace(DOUBLE, "#"), expected.replace(DOUBLE, "#"));
  const [actualDoubles, expectedDoubles] = [doubles(actual), doubles(expected)];
  expectedDoubles.forEach((value, index) =>
    assertAlmostEquals(actualDoubles[index] ?? NaN, value, Math.abs(value) * RELATIVE_TOLERANCE)
  );
}

function doubles(reply: string): number[] {
  return (reply.match(DOUBLE) ?? []).map(Number);
}
