import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { checkReadiness } from "../../src/refresh/readiness.ts";
import { REPORT } from "../helpers/app.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };

Deno.test(
  "checkReadiness() reports the age of the data and the time Redis took",
  LIMIT,
  async () => {
    await using store = await createTestStore();
    const { client, series, writer, record, clock } = store;
    await writer.add([...pairAt(NOW - 60_000), ...pairAt(NOW).slice(0, 1)]);
    const slow = {
      newest() {
        clock.advance(12.346);
        return series.newest();
      },
    };
    assertEquals(await checkReadiness({ client, series: slow, record, clock }), {
      status: "ready",
      redis: { status: "up", latency_ms: 12.35 },
      data: { as_of: "2021-07-07T12:29:00.000Z", age_seconds: 60 },
      sources: [],
      last_tick: null,
    });
  },
);

Deno.test("checkReadiness() is ready without data", LIMIT, async () => {
  await using store = await createTestStore();
  await store.writer.add(pairAt(NOW).slice(0, 1));
  assertEquals((await checkReadiness(store)).data, "none");
});

Deno.test(
  "checkReadiness() reports the sources of the last refresh, and the last tick",
  LIMIT,
  async () => {
    await using store = await createTestStore();
    const sources = [{ source: "a", last_success: null, failure: "too slow" }];
    const result = { failure: { fault: "timeout", message: "too slow" } } as const;
    await store.record.write({ result, sources, ticked_at: "2021-07-07T12:30:00.000Z" });
    const readiness = await checkReadiness(store);
    assertEquals(readiness.sources, sources);
    assertEquals(readiness.last_tick, "2021-07-07T12:30:00.000Z");
  },
);

Deno.test("checkReadiness() says that the last refresh was degraded", LIMIT, async () => {
  await using store = await createTestStore();
  assertEquals("degraded" in await checkReadiness(store), false);
  await store.record.write({ result: { report: REPORT }, sources: [] });
  assertEquals("degraded" in await checkReadiness(store), false);
  await store.record.write({ result: { report: { ...REPORT, degraded: true } }, sources: [] });
  assertEquals((await checkReadiness(store)).degraded, true);
});

Deno.test("checkReadiness() fails when Redis cannot be used", LIMIT, async () => {
  await using store = await createTestStore();
  store.failure = new Error("Connection is closed.");
  await assertRejects(() => checkReadiness(store), StoreError, "cannot be reached");
});
