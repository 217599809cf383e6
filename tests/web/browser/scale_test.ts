import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { labelValues, stretch } from "../../../src/web/browser/scale.js";

const LIMITS = { timeout: 5_000 };
const UPPER = { from: 0.5, to: 0.9 };

Deno.test.each([
  { low: 60_000, high: 64_000 },
  { low: -0.3, high: 0.1 },
])("stretch() places $low…$high in its part of the height", LIMITS, ({ low, high }) => {
  const [bottom, top] = stretch(low, high, UPPER);
  assertAlmostEquals((low - bottom) / (top - bottom), UPPER.from, 1e-9);
  assertAlmostEquals((high - bottom) / (top - bottom), UPPER.to, 1e-9);
});

Deno.test.each([
  { value: 61_500 },
  { value: 0 },
  { value: null },
])("stretch() has a height if all values are $value", LIMITS, ({ value }) => {
  const [bottom, top] = stretch(value, value, UPPER);
  assert(bottom < (value ?? 0) && top > (value ?? 0), `${bottom}…${top}`);
});

Deno.test("labelValues() leaves out marks outside the axis' part of the height", LIMITS, () => {
  assertEquals(labelValues([null, 61_500], String), [null, "61500"]);
});
