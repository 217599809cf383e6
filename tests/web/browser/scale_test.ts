import { assertEquals } from "@std/assert";
import { createFormats } from "../../../src/web/browser/format.js";
import {
  createScale,
  extentOf,
  findDays,
  findHours,
  findTicks,
} from "../../../src/web/browser/scale.js";

const LIMITS = { timeout: 60_000 };

Deno.test("extentOf() leaves out gaps", LIMITS, () => {
  assertEquals(extentOf([null, 3, -1, null, 2]), { low: -1, high: 3 });
});

Deno.test.each([
  { values: [61_500], low: 60_885, high: 62_115 },
  { values: [0], low: -1, high: 1 },
  { values: [-0.5, -0.5], low: -0.505, high: -0.495 },
  { values: [null], low: -1, high: 1 },
])("extentOf() adds room around $values", LIMITS, ({ values, low, high }) => {
  assertEquals(extentOf(values), { low, high });
});

Deno.test("createScale() maps an extent to pixels, in both directions", LIMITS, () => {
  const scale = createScale({ low: 60_000, high: 64_000 }, { from: 300, to: 100 });
  assertEquals([60_000, 61_000, 64_000].map(scale), [300, 250, 100]);
});

Deno.test.each([
  { low: 60_025, high: 63_874, max: 5, ticks: [60_000, 61_000, 62_000, 63_000, 64_000] },
  { low: -0.3, high: 0.3, max: 3, ticks: [-0.4, -0.2, 0, 0.2, 0.4] },
  { low: 0, high: 0.364, max: 4, ticks: [0, 0.1, 0.2, 0.3, 0.4] },
  { low: 0, high: 10, max: 4, ticks: [0, 2.5, 5, 7.5, 10] },
  { low: 34_499.5, high: 34_500.5, max: 2, ticks: [34_499.5, 34_500, 34_500.5] },
  { low: 0, high: 1, max: 0, ticks: [0, 1] },
])("findTicks() encloses $low…$high by $ticks", LIMITS, ({ low, high, max, ticks }) => {
  assertEquals(findTicks({ low, high }, max), ticks);
});

/** One time per hour, from midnight on. */
const HOURS = Array.from({ length: 121 }, (_, i) => Date.UTC(2021, 6, 7, i) / 1_000);
const FORMATS = createFormats("en-US", "UTC");

Deno.test.each([
  { minHours: 0.5, labels: ["00:00", "01:00", "02:00"] },
  { minHours: 1.1, labels: ["00:00", "02:00", "04:00"] },
  { minHours: 3, labels: ["00:00", "03:00", "06:00"] },
  { minHours: 4, labels: ["00:00", "06:00", "12:00"] },
  { minHours: 7, labels: ["00:00", "12:00", "00:00"] },
  { minHours: 13, labels: ["00:00", "00:00", "00:00"] },
  { minHours: 25, labels: ["00:00", "00:00", "00:00"] },
])("findHours() finds $labels for a label per $minHours hours", LIMITS, ({ minHours, labels }) => {
  const found = findHours(HOURS, FORMATS, minHours);
  assertEquals(found.slice(0, 3).map(({ label }) => label), labels);
  assertEquals(found.every(({ time, label }) => FORMATS.time(time * 1_000) === label), true);
});

Deno.test("findHours() leaves out times between two hours", LIMITS, () => {
  const times = [0, 900, 1_800, 3_600].map((seconds) => (HOURS[0] ?? 0) + seconds);
  assertEquals(findHours(times, FORMATS, 1).map(({ label }) => label), ["00:00", "01:00"]);
});

Deno.test("findDays() finds the first time of every day, or of every second one", LIMITS, () => {
  const daysOf = (step: number) => findDays(HOURS, FORMATS, step);
  // The first time may be in the middle of its day.
  assertEquals(daysOf(1).map(({ label }) => label), [
    "Jul 8",
    "Jul 9",
    "Jul 10",
    "Jul 11",
    "Jul 12",
  ]);
  assertEquals(daysOf(2).map(({ label }) => label), ["Jul 8", "Jul 10", "Jul 12"]);
  assertEquals(daysOf(1)[0]?.time, HOURS[24]);
});
