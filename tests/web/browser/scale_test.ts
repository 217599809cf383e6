import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { labelPrices, labelSentiments, stretch } from "../../../src/web/browser/scale.js";

const UPPER = { from: 0.5, to: 0.9 };

Deno.test.each([
  { low: 60_000, high: 64_000 },
  { low: -0.3, high: 0.1 },
])("stretch() puts $low…$high into its part of the height", ({ low, high }) => {
  const [bottom, top] = stretch(low, high, UPPER);
  assertAlmostEquals((low - bottom) / (top - bottom), UPPER.from, 1e-9);
  assertAlmostEquals((high - bottom) / (top - bottom), UPPER.to, 1e-9);
});

Deno.test.each([
  { value: 61_500 },
  { value: 0 },
  { value: null },
])("stretch() makes a scale where all is $value", ({ value }) => {
  const [bottom, top] = stretch(value, value, UPPER);
  assert(bottom < (value ?? 0) && top > (value ?? 0), `${bottom}…${top}`);
});

Deno.test("labels are left out where the axis leaves its part of the height", () => {
  assertEquals(labelPrices([null, 61_500, 0.25]), [null, "61,500", "0.25"]);
  assertEquals(labelSentiments([null, -0.2, 0, 0.4]), [null, "−0.2", "0", "+0.4"]);
});
