import { assertEquals, assertRejects } from "@std/assert";
import { spentOn, sumOf, watchCommands } from "../../../bench/harness/command_stats.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** Answers `INFO` with one text after the other, and then with the last one. */
function infoSource(...texts: string[]) {
  return { info: () => Promise.resolve((texts.length > 1 ? texts.shift() : texts[0]) ?? "") };
}

function stat(name: string, calls: number, usec: number): string {
  return `cmdstat_${name}:calls=${calls},usec=${usec},usec_per_call=0.00\r\n`;
}

Deno.test("watchCommands() returns what ran since, without INFO itself", TIME_LIMIT, async () => {
  const before = stat("get", 5, 100) + stat("info", 1, 50);
  const after = stat("get", 7, 1_600) + stat("info", 2, 90) + stat("ts.madd", 1, 500);
  const { calls, milliseconds } = await (await watchCommands(infoSource(before, after)))();
  assertEquals([...calls], [["get", 2], ["ts.madd", 1]]);
  assertEquals(sumOf(calls), 3);
  assertEquals(milliseconds, 2);
});

Deno.test("watchCommands() counts the time of a transaction once", TIME_LIMIT, async () => {
  const after = stat("multi", 1, 1) + stat("ts.madd", 1, 780) + stat("exec", 1, 1_000);
  const { milliseconds } = await (await watchCommands(infoSource("", after)))();
  assertEquals(milliseconds, 0.781);
});

Deno.test(
  "spentOn() includes what runs after the act, until Redis is idle",
  TIME_LIMIT,
  async () => {
    const client = infoSource("", stat("get", 1, 10), stat("get", 1, 10) + stat("set", 1, 5));
    const { calls } = await spentOn(client, () => Promise.resolve());
    assertEquals([...calls], [["get", 1], ["set", 1]]);
  },
);

Deno.test("spentOn() throws what the act throws", TIME_LIMIT, async () => {
  const act = () => Promise.reject(new Error("no refresh"));
  await assertRejects(() => spentOn(infoSource(""), act), Error, "no refresh");
});
