import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { Schedule } from "../../src/refresh/schedule.ts";
import { keepLog } from "../helpers/log.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };

/** Instances that share claims and series; `steps` lists what they did. */
async function setUp({ count = 1, minIntervalMs = 5_000 } = {}) {
  const store = await createTestStore();
  const { clock, claims, record, series, writer } = store;
  const created = { count: 0 };
  const log = keepLog();
  const steps: string[] = [];
  const backfillMs: (number | undefined)[] = [];
  const failing = new Set<string>();
  const refresher = { refreshes: true };
  /** How long each step takes, in milliseconds. */
  const takes: Record<string, number> = {};
  /** What happens during a step. */
  const during: Record<string, () => Promise<unknown>> = {};
  async function run(step: string): Promise<void> {
    steps.push(step);
    clock.advance(takes[step] ?? 0);
    await during[step]?.();
    if (failing.has(step)) throw new StoreError("away");
  }
  const instances = Array.from({ length: count }, () =>
    new Schedule({
      claims,
      record,
      minIntervalMs,
      clock,
      log,
      reader: series,
      writer: {
        create() {
          created.count++;
          return writer.create();
        },
      },
      refresher: {
        async runScheduled(maxWaitMs, isDue) {
          await run(`refresh ${maxWaitMs}`);
          return refresher.refreshes && (await isDue?.() ?? true);
        },
      },
      backfill(withinMs) {
        backfillMs.push(withinMs);
        return run("backfill");
      },
      checkMarks: () => run("check"),
      notify: () => run("notify"),
    }));
  const [schedule] = instances;
  if (schedule === undefined) throw new RangeError(`count must be positive, is ${count}`);
  const parts = { store, claims, record, writer, created, log, steps, failing, refresher, clock };
  return {
    schedule,
    instances,
    ...parts,
    takes,
    during,
    backfillMs,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

Deno.test("Schedule.tick() refreshes, notifies and backfills, in this order", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, steps } = test;
  await schedule.tick();
  assertEquals(steps, ["refresh 10000", "notify", "backfill"]);
});

Deno.test("Schedule.tick() works once a minute among instances", LIMIT, async () => {
  await using test = await setUp({ count: 4 });
  const { instances, steps, clock } = test;
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
    await using test = await setUp();
    const { schedule, steps, failing, log } = test;
    failing.add(row.failing);
    await schedule.tick();
    assertEquals(steps.length, 3);
    assertEquals(log.lines.map(({ message }) => message), ["a step of the tick failed"]);
  },
);

Deno.test.each([
  { takes: { "refresh 10000": 23_000 }, leftOut: [], backfillMs: [22_000] },
  { takes: { "refresh 10000": 23_001 }, leftOut: ["notify"], backfillMs: [21_999] },
  { takes: { "refresh 10000": 10_000, notify: 22_000 }, leftOut: [], backfillMs: [13_000] },
  { takes: { "refresh 10000": 44_000 }, leftOut: ["notify"], backfillMs: [1_000] },
  { takes: { "refresh 10000": 44_001 }, leftOut: ["notify", "backfill"], backfillMs: [] },
  { takes: { "refresh 10000": 50_000 }, leftOut: ["notify", "backfill"], backfillMs: [] },
])("Schedule.tick() leaves out $leftOut after $takes, and says so", LIMIT, async (row) => {
  await using test = await setUp();
  const { schedule, takes, log, backfillMs } = test;
  Object.assign(takes, row.takes);
  await schedule.tick();
  assertEquals(
    log.lines.map(({ message, fields }) => [message, fields.step]),
    row.leftOut.map((step) => ["the tick has no time for a step", step]),
  );
  assertEquals(backfillMs, row.backfillMs);
});

Deno.test.each([
  { minIntervalMs: 5_000, ticks: 3 },
  { minIntervalMs: 3_600_000, ticks: 63 },
])(
  "Schedule.tick() logs the $ticks. tick without a new refresh, with $minIntervalMs ms between",
  LIMIT,
  async ({ minIntervalMs, ticks }) => {
    await using test = await setUp({ count: 2, minIntervalMs });
    const { instances: [stuck, working], claims, record, log, clock } = test;
    // Another instance holds every tick, and its refreshes fail in the same way each time.
    let ticked = 0;
    async function tick(): Promise<void> {
      clock.advance(60_000);
      await claims.take("tick", 50_000);
      await stuck?.tick();
      await working?.tick();
    }
    async function refresh(): Promise<void> {
      const failure = { fault: "timeout", message: "too slow" } as const;
      await record.write({ result: { failure }, sources: [], ticked_at: `tick ${++ticked}` });
    }
    for (let i = 0; i < 2 * ticks; i++) {
      await refresh();
      await tick();
    }
    for (let i = 1; i < ticks; i++) await tick();
    assertEquals(log.lines, []);
    for (let i = 0; i < 5; i++) await tick();
    const line = { level: "error", message: "no instance refreshes" };
    const fields = { ticks, last_tick: `tick ${ticked}` };
    assertEquals(log.lines, [{ ...line, fields }, { ...line, fields }]);
    await refresh();
    for (let i = 0; i <= ticks; i++) await tick();
    assertEquals(log.lines.length, 4);
  },
);

Deno.test("Schedule.tick() counts a record that cannot be read as no news", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, record, log } = test;
  record.read = () => Promise.reject(new StoreError("away"));
  for (let i = 0; i < 3; i++) await schedule.tick();
  assertEquals(log.lines.map(({ message }) => message), ["no instance refreshes"]);
});

Deno.test("Schedule.tick() does nothing when it cannot be claimed", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, steps, claims, log } = test;
  claims.take = () => Promise.reject(new StoreError("away"));
  await schedule.tick();
  assertEquals([steps, log.lines.map(({ level }) => level)], [[], ["warn"]]);
});

Deno.test("Schedule.prepare() creates the series and fills them at once", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, steps, created } = test;
  await schedule.prepare();
  assertEquals([created.count, steps], [1, ["check", "refresh 0", "backfill"]]);
});

Deno.test("Schedule.prepare() fills series of which one is empty", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, writer, steps } = test;
  await writer.add(pairAt(NOW).slice(0, 1));
  await schedule.prepare();
  assertEquals(steps, ["check", "refresh 0", "backfill"]);
});

Deno.test("Schedule.prepare() asks again whether a refresh is due", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, writer, record, steps, during } = test;
  during["refresh 0"] = async () => {
    const result = { failure: { fault: "timeout", message: "too slow" } } as const;
    await record.write({ result, sources: [], ended_at: new Date(NOW).toISOString() });
    await writer.add(pairAt(NOW));
  };
  await schedule.prepare();
  assertEquals(steps, ["check", "refresh 0"]);
});

Deno.test.each([
  { ended: "a minute ago", agoMs: 60_000, steps: ["check"] },
  { ended: "earlier", agoMs: 60_001, steps: ["check", "refresh 0", "backfill"] },
  { ended: "ahead of the clock", agoMs: -1, steps: ["check", "refresh 0", "backfill"] },
  { ended: "at an unknown time", agoMs: undefined, steps: ["check", "refresh 0", "backfill"] },
])("Schedule.prepare() does $steps after a refresh that ended $ended", LIMIT, async (row) => {
  await using test = await setUp();
  const { schedule, record, writer, steps, created } = test;
  await writer.add(pairAt(NOW));
  const result = { failure: { fault: "timeout", message: "too slow" } } as const;
  const ended = row.agoMs !== undefined && { ended_at: new Date(NOW - row.agoMs).toISOString() };
  await record.write({ result, sources: [], ...ended });
  await schedule.prepare();
  assertEquals([created.count, steps], [1, row.steps]);
});

Deno.test("Schedule.prepare() leaves the backfill to the instance that fills", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, steps, refresher } = test;
  refresher.refreshes = false;
  await schedule.prepare();
  assertEquals(steps, ["check", "refresh 0"]);
});

Deno.test("Schedule.prepare() fails with the store", LIMIT, async () => {
  await using test = await setUp();
  const { schedule, store } = test;
  store.failure = new Error("Connection is closed.");
  await assertRejects(() => schedule.prepare(), StoreError);
});
