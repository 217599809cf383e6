import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/core/errors.ts";
import type { RefreshReport } from "../../src/use_cases/refresh.ts";
import { Schedule } from "../../src/use_cases/schedule.ts";
import { MemoryClaims, MemorySeries } from "../helpers/memory.ts";
import { NOW, pairAt } from "../helpers/samples.ts";

const REPORT: RefreshReport = {
  ...{ feed: "test", received: 0, stored: 0, duplicates: 0, rejected: 0, as_of: null },
};

/** Instances that share claims and series, each with a clock that goes wrong by some milliseconds. */
function setUp(...skews: number[]) {
  const claims = new MemoryClaims();
  const series = new MemorySeries();
  const time = { now: NOW };
  const refreshes: number[] = [];
  const tries: (number | undefined)[] = [];
  const instances = skews.map((skew, i) =>
    new Schedule({
      ...{ claims, series },
      clock: () => time.now + skew,
      refresher: {
        refresh: (options) => {
          refreshes.push(i);
          tries.push(options?.tries);
          return Promise.resolve(REPORT);
        },
      },
    })
  );
  return { instances, series, refreshes, tries, time };
}

Deno.test("Schedule.tick() refreshes once per minute among instances whose clocks differ", async () => {
  const { instances, refreshes, time } = setUp(-20_000, 0, 3, 20_000);
  for (let tick = 0; tick < 10; tick++) {
    await Promise.all(instances.map((instance) => instance.tick()));
    time.now += 60_000;
  }
  assertEquals(refreshes.length, 10);
});

Deno.test("Schedule.tick() does not fail with the refresh", async () => {
  const refresher = { refresh: () => Promise.reject(new FeedError("timeout", "too slow")) };
  const parts = { claims: new MemoryClaims(), series: new MemorySeries(), clock: () => NOW };
  assertEquals(await new Schedule({ ...parts, refresher }).tick(), undefined);
});

Deno.test("Schedule has a feed that fails asked three times, at a tick and at the fill", async () => {
  const { instances, tries } = setUp(0);
  await instances[0]?.prepare();
  await instances[0]?.tick();
  assertEquals(tries, [3, 3]);
});

Deno.test("Schedule.prepare() fills empty series, by one instance", async () => {
  const { instances, refreshes } = setUp(0, 0, 0);
  await Promise.all(instances.map((instance) => instance.prepare()));
  assertEquals(refreshes.length, 1);
});

Deno.test("Schedule.prepare() leaves filled series to the tick", async () => {
  const { instances, series, refreshes } = setUp(0);
  await series.add(pairAt(NOW));
  await instances[0]?.prepare();
  assertEquals(refreshes.length, 0);
});
