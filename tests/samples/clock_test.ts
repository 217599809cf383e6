import { assertEquals } from "@std/assert";
import { createForwardTime, SYSTEM_CLOCK } from "../../src/samples/clock.ts";
import { createTestClock } from "../helpers/clock.ts";
import { NOW } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };
const HOUR_MS = 3_600_000;

Deno.test("createForwardTime() goes on when the wall clock steps back", LIMIT, () => {
  const clock = createTestClock();
  clock.advance(5_000);
  const forwardNow = createForwardTime(clock);
  assertEquals(forwardNow(), NOW + 5_000);
  clock.skewMs = -HOUR_MS;
  clock.advance(60_000);
  assertEquals(forwardNow(), NOW + 65_000);
});

Deno.test("createForwardTime() follows the wall clock ahead", LIMIT, () => {
  const clock = createTestClock(-HOUR_MS);
  const forwardNow = createForwardTime(clock);
  assertEquals(forwardNow(), NOW - HOUR_MS);
  clock.skewMs = 0;
  assertEquals(forwardNow(), NOW);
});

Deno.test("SYSTEM_CLOCK is the clock of this process", LIMIT, () => {
  const [before, elapsed] = [Date.now(), performance.now()];
  assertEquals(SYSTEM_CLOCK.now() - before < 1_000, true);
  assertEquals(SYSTEM_CLOCK.elapsed() >= elapsed, true);
});
