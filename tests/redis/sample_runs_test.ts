import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Sample } from "../../src/samples/sample.ts";
import { firstPerTimestamp, splitIntoRuns } from "../../src/redis/series_writer.ts";

const LIMIT = { timeout: 60_000 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function at(timestamp: number, value = 1): Sample {
  return { metric: "price", timestamp, value };
}

function runsOf(...timestamps: number[]): number[][] {
  const runs = splitIntoRuns(timestamps.map((timestamp) => at(timestamp)));
  return runs.map((run) => run.map(({ timestamp }) => timestamp));
}

Deno.test("firstPerTimestamp() keeps the first value, oldest timestamp first", LIMIT, () => {
  const samples = [at(2, 1), at(1, 2), at(2, 3)];
  assertEquals(firstPerTimestamp(samples), [at(1, 2), at(2, 1)]);
});

Deno.test("splitIntoRuns() begins a run after a gap of more than an hour", LIMIT, () => {
  assertEquals(runsOf(0, HOUR_MS, 2 * HOUR_MS + 1), [[0, HOUR_MS], [2 * HOUR_MS + 1]]);
});

Deno.test("splitIntoRuns() ends a run before it spans a day", LIMIT, () => {
  const hours = Array.from({ length: 25 }, (_, hour) => hour * HOUR_MS);
  assertEquals(runsOf(...hours).map(({ length }) => length), [24, 1]);
});

Deno.test("splitIntoRuns() has no run of nothing", LIMIT, () => {
  assertEquals(runsOf(), []);
});

Deno.test("splitIntoRuns() keeps all samples in order, in runs of neighbours", LIMIT, () => {
  const timestamps = fc.uniqueArray(fc.nat({ max: 3 * DAY_MS }), { maxLength: 40 });
  fc.assert(fc.property(timestamps, (unsorted) => {
    const sorted = unsorted.toSorted((a, b) => a - b);
    const runs = runsOf(...sorted);
    assertEquals(runs.flat(), sorted);
    for (const run of runs) {
      assertEquals((run.at(-1) ?? 0) - (run[0] ?? 0) < DAY_MS, true);
      assertEquals(run.every((time, i) => time - (run[i - 1] ?? time) <= HOUR_MS), true);
    }
  }));
});
