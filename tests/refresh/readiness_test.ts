import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { checkReadiness } from "../../src/refresh/readiness.ts";
import { createTestClock } from "../helpers/clock.ts";
import { MemoryRefreshRecord, MemorySeries } from "../helpers/memory.ts";
import { REPORT } from "../helpers/app.ts";
import { NOW, pairAt } from "../helpers/samples.ts";

const LIMIT = { timeout: 5_000 };

function setUp() {
  return {
    series: new MemorySeries(),
    record: new MemoryRefreshRecord(),
    clock: createTestClock(),
  };
}

Deno.test(
  "checkReadiness() reports the age of the data and the time Redis took",
  LIMIT,
  async () => {
    const { series, record, clock } = setUp();
    await series.add([...pairAt(NOW - 60_000), ...pairAt(NOW).slice(0, 1)]);
    const slow = {
      newest() {
        clock.advance(12.345);
        return series.newest();
      },
    };
    assertEquals(await checkReadiness({ series: slow, record, clock }), {
      status: "ready",
      redis: { status: "up", latency_ms: 12.35 },
      data: { as_of: "2021-07-07T12:29:00.000Z", age_seconds: 60 },
      sources: [],
      last_tick: null,
    });
  },
);

Deno.test("checkReadiness() is ready without data", LIMIT, async () => {
  const parts = setUp();
  await parts.series.add(pairAt(NOW).slice(0, 1));
  assertEquals((await checkReadiness(parts)).data, "none");
});

Deno.test(
  "checkReadiness() reports the sources of the last refresh, and the last tick",
  LIMIT,
  async () => {
    const parts = setUp();
    const sources = [{ source: "a", last_success: null, failure: "too slow" }];
    const result = { failure: { fault: "timeout", message: "too slow" } } as const;
    parts.record.last = { result, sources, ticked_at: "2021-07-07T12:30:00.000Z" };
    const readiness = await checkReadiness(parts);
    assertEquals(readiness.sources, sources);
    assertEquals(readiness.last_tick, "2021-07-07T12:30:00.000Z");
  },
);

Deno.test("checkReadiness() says that the last refresh was degraded", LIMIT, async () => {
  const parts = setUp();
  assertEquals("degraded" in await checkReadiness(parts), false);
  parts.record.last = { result: { report: REPORT }, sources: [] };
  assertEquals("degraded" in await checkReadiness(parts), false);
  parts.record.last = { result: { report: { ...REPORT, degraded: true } }, sources: [] };
  assertEquals((await checkReadiness(parts)).degraded, true);
});

Deno.test("checkReadiness() fails when Redis cannot be used", LIMIT, async () => {
  const parts = setUp();
  parts.series.failure = new StoreError("away");
  await assertRejects(() => checkReadiness(parts), StoreError, "away");
});
