import { assertEquals, assertRejects } from "@std/assert";
import { NearCache } from "../../src/use_cases/near_cache.ts";

/** A source whose loads the test ends one by one, and a clock it sets. */
function setUp() {
  const time = { now: 0 };
  const loads: PromiseWithResolvers<string>[] = [];
  const cache = new NearCache(() => {
    const load = Promise.withResolvers<string>();
    loads.push(load);
    return load.promise;
  }, () => time.now);
  return { time, loads, cache };
}

Deno.test("NearCache.get() loads once for all who wait", async () => {
  const { cache, loads } = setUp();
  const waiting = Array.from({ length: 1_000 }, () => cache.get());
  loads[0]?.resolve("a");
  assertEquals(new Set(await Promise.all(waiting)), new Set(["a"]));
  assertEquals(loads.length, 1);
});

Deno.test("NearCache.get() gives a fresh value at once, without a load", () => {
  const { cache, loads, time } = setUp();
  cache.put("a");
  time.now = 1_000;
  assertEquals([cache.get(), loads.length], ["a", 0]);
});

Deno.test("NearCache.get() renews an older value behind the reader's back, once", async () => {
  const { cache, loads, time } = setUp();
  cache.put("a");
  time.now = 1_001;
  assertEquals([cache.get(), cache.get(), loads.length], ["a", "a", 1]);
  loads[0]?.resolve("b");
  await loads[0]?.promise;
  assertEquals(await cache.get(), "b");
});

Deno.test("NearCache.get() waits for a load after 5 s", async () => {
  const { cache, loads, time } = setUp();
  cache.put("a");
  time.now = 5_001;
  const waiting = cache.get();
  loads[0]?.resolve("b");
  assertEquals(await waiting, "b");
});

Deno.test("NearCache.get() forgets a load that failed", async () => {
  const { cache, loads } = setUp();
  const first = assertRejects(async () => await cache.get(), Error, "away");
  loads[0]?.reject(new Error("away"));
  await first;
  const second = cache.get();
  loads[1]?.resolve("a");
  assertEquals(await second, "a");
});

Deno.test("NearCache.get() keeps an old value for an hour of failures, and tries once a second", async () => {
  const { cache, loads, time } = setUp();
  cache.put("a");
  time.now = 6_000;
  const waiting = cache.get();
  loads[0]?.reject(new Error("away"));
  assertEquals(await waiting, "a");

  time.now = 6_500;
  assertEquals([cache.get(), loads.length], ["a", 1]);
  time.now = 7_001;
  assertEquals([cache.get(), loads.length], ["a", 2]);
  loads[1]?.reject(new Error("away"));
  await assertRejects(() => loads[1]?.promise ?? Promise.resolve(), Error);

  time.now = 3_600_001;
  const tooOld = assertRejects(async () => await cache.get(), Error, "away");
  loads[2]?.reject(new Error("away"));
  await tooOld;
});

Deno.test("NearCache.get() waits again once loads have stopped failing", async () => {
  const { cache, loads, time } = setUp();
  cache.put("a");
  time.now = 6_000;
  const failing = cache.get();
  loads[0]?.reject(new Error("away"));
  await failing;
  time.now = 8_000;
  cache.get();
  loads[1]?.resolve("b");
  await loads[1]?.promise;
  await Promise.resolve();
  assertEquals(cache.get(), "b");
  time.now = 14_000;
  const waiting = cache.get();
  loads[2]?.resolve("c");
  assertEquals(await waiting, "c");
});

Deno.test("NearCache.put() outlives a load that began before it", async () => {
  const { cache, loads } = setUp();
  const waiting = cache.get();
  cache.put("new");
  loads[0]?.resolve("old");
  assertEquals(await waiting, "old");
  assertEquals(cache.get(), "new");
});
