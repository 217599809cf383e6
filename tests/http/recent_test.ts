import { assertEquals, assertRejects } from "@std/assert";
import { createRecent } from "../../src/http/content.ts";
import { createTestClock } from "../helpers/clock.ts";

const LIMIT = { timeout: 60_000 };

function setUp() {
  const clock = createTestClock();
  const loads: PromiseWithResolvers<string>[] = [];
  const recent = createRecent(() => {
    const load = Promise.withResolvers<string>();
    loads.push(load);
    return load.promise;
  }, clock);
  return { clock, loads, recent };
}

Deno.test("createRecent() loads once a second, counted from the end of a load", LIMIT, async () => {
  const { clock, loads, recent } = setUp();
  const first = recent();
  clock.advance(60_000);
  const second = recent();
  loads[0]?.resolve("a");
  assertEquals([await first, await second, loads.length], ["a", "a", 1]);
  clock.advance(999);
  assertEquals([await recent(), loads.length], ["a", 1]);
  clock.advance(1);
  const third = recent();
  loads[1]?.resolve("b");
  assertEquals([await third, loads.length], ["b", 2]);
});

Deno.test("createRecent() keeps a failure for a second too", LIMIT, async () => {
  const { clock, loads, recent } = setUp();
  const first = recent();
  loads[0]?.reject(new Error("away"));
  await assertRejects(() => first, Error, "away");
  await assertRejects(recent, Error, "away");
  assertEquals(loads.length, 1);
  clock.advance(1_000);
  const later = recent();
  loads[1]?.resolve("b");
  assertEquals(await later, "b");
});
