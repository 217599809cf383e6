import { assertEquals } from "@std/assert";
import { dropPartialHour } from "../../src/feeds/live.ts";
import type { Sample } from "../../src/samples/sample.ts";

const MINUTE_MS = 60_000;
const TWELVE = Date.UTC(2026, 0, 2, 12);

/** A sample every five minutes, in minutes from twelve o'clock on. */
function samples(from: number, to: number): Sample[] {
  return Array.from({ length: (to - from) / 5 + 1 }, (_, i) => ({
    metric: "price",
    timestamp: TWELVE + (from + 5 * i) * MINUTE_MS,
    value: 1,
  }));
}

Deno.test.each([
  { case: "a partial hour", given: samples(10, 130), kept: samples(60, 130) },
  { case: "a full hour", given: samples(0, 130), kept: samples(0, 130) },
  { case: "one start of an hour", given: samples(10, 60), kept: samples(60, 60) },
  { case: "no start of an hour", given: samples(10, 55), kept: samples(10, 55) },
  { case: "nothing", given: [], kept: [] },
])("dropPartialHour() of samples that begin with $case", { timeout: 60_000 }, ({ given, kept }) => {
  assertEquals(dropPartialHour(given), kept);
});
