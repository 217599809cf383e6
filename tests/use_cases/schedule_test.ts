import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { Schedule } from "../../src/use_cases/schedule.ts";
import { createTestClock } from "../helpers/clock.ts";
import { keepLog } from "../helpers/log.ts";
import { MemoryClaims, MemorySeries } from "../helpers/memory.ts";
import { NOW, pairAt } from "../helpers/samples.ts";

const LIMIT = { timeout: 5_000 };

/** Instances that share claims and series; `steps` lists what they did. */
function setUp(count = 1) {
  const clock = createTestClock();
  const claims = new MemoryClaims(clock.elapsed);
  const series = new MemorySeries();
  const log = keepLog();
  const steps: string[] = [];
  const failing = new Set<string>();
  const refresher = { refreshes: true };
  function run(step: string): Promise<void> {
    steps.push(step);
    return failing.has(step) ? Promise.reject(new StoreError("away")) : Promise.resolve();
  }
  const instances = Array.from({ length: count }, () =>
    new Schedule({
      claims,
      log,
      reader: series,
      writer: series,
      refresher: {
        runScheduled: (maxWaitMs) => run(`refresh ${maxWaitMs}`).then(() => refresher.refreshes),
      },
      backfill: () => run("backfill"),
      notify: () => run("notify"),
    }));
  const [schedule] = instances;
  if (schedule === undefined) throw new RangeError(`count must be positive, is ${count}`);
  return { schedule, instances, claims, series, log, steps, failing, refresher, clock };
}

Deno.test("Schedule.tick() refreshes, backfills and notifies, in this order", LIMIT, async () => {
  const { schedule, steps } = setUp();
  await schedule.tick();
  assertEquals(steps, ["refresh 10000", "backfill", "notify"]);
});

Deno.test("Schedule.tick() works once a minute among instances", LIMIT, async () => {
  const { instances, steps, clock } = setUp(4);
  for (let minute = 0; minute < 10; minute++) {
    for (const instance of instances) {
      await instance.tick();
      // Their clocks differ, so they do not tick at the same moment.
      clock.advance(15_000);
    }
  }
  assertEquals(steps.filter((step) => step === "notify").length, 10);
});

Deno.test.each([{ failing: "refresh 10000" }, { failing: "backfill" }, { failing: "notify" }])(
  "Schedule.tick() goes on after a failure of $failing, and logs it",
  LIMIT,
  async (row) => {
    const { schedule, steps, failing, log } = setUp();
    failing.add(row.failing);
    await schedule.tick();
    assertEquals(steps.length, 3);
    assertEquals(log.lines.map(({ message }) => message), ["a step of the tick failed"]);
  },
);

Deno.test("Schedule.tick() does nothing when it cannot be claimed", LIMIT, async () => {
  const { schedule, steps, claims, log } = setUp();
  claims.failure = new StoreError("away");
  await schedule.tick();
  assertEquals([steps, log.lines.map(({ level }) => level)], [[], ["warn"]]);
});

Deno.test("Schedule.prepare() creates the series and fills them at once", LIMIT, async () => {
  const { schedule, steps, series } = setUp();
  await schedule.prepare();
  assertEquals([series.creations, steps], [1, ["refresh 0", "backfill"]]);
});

Deno.test("Schedule.prepare() fills series of which one is empty", LIMIT, async () => {
  const { schedule, series, steps } = setUp();
  await series.add(pairAt(NOW).slice(0, 1));
  await schedule.prepare();
  assertEquals(steps, ["refresh 0", "backfill"]);
});

Deno.test("Schedule.prepare() leaves filled series to the tick", LIMIT, async () => {
  const { schedule, series, steps } = setUp();
  await series.add(pairAt(NOW));
  await schedule.prepare();
  assertEquals([series.creations, steps], [1, []]);
});

Deno.test("Schedule.prepare() leaves the backfill to the instance that fills", LIMIT, async () => {
  const { schedule, steps, refresher } = setUp();
  refresher.refreshes = false;
  await schedule.prepare();
  assertEquals(steps, ["refresh 0"]);
});

Deno.test("Schedule.prepare() fails with the store", LIMIT, async () => {
  const { schedule, series } = setUp();
  series.failure = new StoreError("away");
  await assertRejects(() => schedule.prepare(), StoreError);
});
