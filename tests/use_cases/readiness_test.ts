import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { checkReadiness } from "../../src/use_cases/readiness.ts";
import { MemorySeries } from "../helpers/memory.ts";
import { NOW, pairAt } from "../helpers/samples.ts";

Deno.test("checkReadiness() tells how old the data is", async () => {
  const series = new MemorySeries();
  await series.add([...pairAt(NOW - 60_000), ...pairAt(NOW).slice(0, 1)]);
  const { status, redis, data } = await checkReadiness({ series, clock: () => NOW });
  assertEquals([status, redis.status, redis.latency_ms >= 0], ["ready", "up", true]);
  assertEquals(data, { as_of: "2021-07-07T12:29:00.000Z", age_seconds: 60 });
});

Deno.test("checkReadiness() is ready without data", async () => {
  const { data } = await checkReadiness({ series: new MemorySeries(), clock: () => NOW });
  assertEquals(data, { as_of: null, age_seconds: null });
});

Deno.test("checkReadiness() fails where Redis can't be used", async () => {
  const series = new MemorySeries();
  series.failure = new StoreError("away");
  await assertRejects(() => checkReadiness({ series, clock: () => NOW }), StoreError, "away");
});
