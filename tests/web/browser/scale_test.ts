import { assert, assertEquals } from "@std/assert";
import { createScale, extentOf, findTicks } from "../../../src/web/browser/scale.js";

const LIMITS = { timeout: 5_000 };

Deno.test("extentOf() leaves out gaps", LIMITS, () => {
  assertEquals(extentOf([null, 3, -1, null, 2]), { low: -1, high: 3 });
});

Deno.test.each([{ values: [61_500] }, { values: [0] }, { values: [-0.5, -0.5] }, {
  values: [null],
}])(
  "extentOf() adds room around $values",
  LIMITS,
  ({ values }) => {
    const { low, high } = extentOf(values);
    assert(low < (values[0] ?? 0) && high > (values[0] ?? 0), `${low}…${high}`);
  },
);

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
