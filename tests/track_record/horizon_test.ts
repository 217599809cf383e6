import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { computeHorizon, type HorizonOptions } from "../../src/track_record/horizon.ts";

const LIMIT = { timeout: 60_000 };

/** A price that doubles in every even hour and halves in every odd one. */
const ZIGZAG = Array.from({ length: 100 }, (_, hour) => hour % 2 === 0 ? 1 : 2);

function everySecond(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + 2 * i);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function horizonOf(options: Partial<HorizonOptions>) {
  return computeHorizon({
    hours: 1,
    spellStarts: [],
    knownHours: range(options.prices?.length ?? 0),
    prices: [],
    ...options,
  });
}

Deno.test("computeHorizon() measures from two hours after the spell's first hour", LIMIT, () => {
  const { higher, median_change } = horizonOf({ prices: [9, 9, 4, 9, 9, 5], spellStarts: [0] });
  assertEquals({ higher, median_change }, { higher: 1, median_change: 1.25 });
  const later = horizonOf({ hours: 3, prices: [9, 9, 4, 9, 9, 5], spellStarts: [0] });
  assertEquals([later.higher, later.median_change], [1, 0.25]);
});

Deno.test.each([
  { behaviour: "counts a spell whose last outcome hour is the last hour", start: 2, spells: 1 },
  { behaviour: "leaves out a spell whose outcome lies beyond the data", start: 3, spells: 0 },
  { behaviour: "leaves out a spell whose outcome cannot start yet", start: 5, spells: 0 },
])("computeHorizon() $behaviour", LIMIT, ({ start, spells }) => {
  assertEquals(horizonOf({ prices: [1, 1, 1, 1, 1, 1], spellStarts: [start] }).spells, spells);
});

Deno.test.each([
  { hours: 1, spellStarts: [0, 1], counted: 1 },
  { hours: 1, spellStarts: [0, 2], counted: 2 },
  { hours: 3, spellStarts: [0, 3], counted: 1 },
  { hours: 3, spellStarts: [0, 4], counted: 2 },
  // The second is left out, so it does not exclude the third.
  { hours: 3, spellStarts: [0, 2, 5], counted: 2 },
  { hours: 24, spellStarts: [0, 24, 25, 49, 50], counted: 3 },
  // The outcome of hour 70 lies beyond the data for 24 hours: only the others count.
  { hours: 24, spellStarts: [50, 80], counted: 1 },
])(
  "computeHorizon() counts $counted of the spells that start at $spellStarts, for $hours hours",
  LIMIT,
  ({ hours, spellStarts, counted }) => {
    assertEquals(horizonOf({ hours, spellStarts, prices: ZIGZAG }).spells, counted);
  },
);

Deno.test("computeHorizon() excludes no spell because of one without outcome", LIMIT, () => {
  const prices = [1, 1, undefined, 1, 1, 1, 1, 1, 1];
  assertEquals(horizonOf({ hours: 3, spellStarts: [0, 2], prices }).spells, 1);
});

Deno.test("computeHorizon() does not call an equal price higher", LIMIT, () => {
  const prices = [1, 1, 5, 5, 6, 5];
  const { higher, share, base } = horizonOf({ spellStarts: [0], prices });
  assertEquals({ higher, share }, { higher: 0, share: 0 });
  assertEquals(base, { hours: 3, higher: 1, share: 1 / 3, median_change: 0 });
});

Deno.test("computeHorizon() has null where there are no spells", LIMIT, () => {
  assertEquals(horizonOf({ prices: [1, 1, 1, 2] }), {
    hours: 1,
    spells: 0,
    higher: 0,
    share: null,
    low: null,
    high: null,
    median_change: null,
    base: { hours: 1, higher: 1, share: 1, median_change: 1 },
    verdict: "no-evidence",
  });
  assertEquals(horizonOf({}).base, { hours: 0, higher: 0, share: null, median_change: null });
});

Deno.test.each([
  { spellStarts: everySecond(0, 20), verdict: "higher", because: "20 of 20 were higher" },
  { spellStarts: everySecond(0, 19), verdict: "no-evidence", because: "19 are too few" },
  { spellStarts: everySecond(1, 20), verdict: "lower", because: "0 of 20 were higher" },
  { spellStarts: everySecond(1, 19), verdict: "no-evidence", because: "19 are too few" },
  {
    spellStarts: [...everySecond(0, 14), ...everySecond(31, 10)],
    verdict: "no-evidence",
    because: "the interval of 14 of 24 holds the base share",
  },
])("computeHorizon() finds $verdict where $because", LIMIT, ({ spellStarts, verdict }) => {
  assertEquals(horizonOf({ spellStarts, prices: ZIGZAG }).verdict, verdict);
});

Deno.test("computeHorizon() has no evidence where every price rises", LIMIT, () => {
  const horizon = horizonOf({
    spellStarts: everySecond(0, 40),
    prices: range(100).map((i) => i + 1),
  });
  assertEquals([horizon.share, horizon.base.share, horizon.verdict], [1, 1, "no-evidence"]);
});

const STARTS = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 60 })
  .map((starts) => starts.sort((a, b) => a - b));
const HOURS = fc.constantFrom(1, 3, 24);
const PRICE = fc.double({ min: 0.01, max: 1e6, noNaN: true });

Deno.test("computeHorizon() finds rate 0 and no evidence in a constant price", LIMIT, () => {
  fc.assert(fc.property(STARTS, HOURS, PRICE, (spellStarts, hours, price) => {
    const horizon = horizonOf({ hours, spellStarts, prices: range(100).map(() => price) });
    assertEquals([horizon.higher, horizon.base.higher, horizon.verdict], [0, 0, "no-evidence"]);
    if (horizon.spells > 0) assertEquals([horizon.share, horizon.low], [0, 0]);
  }));
});

Deno.test("computeHorizon() keeps a known outcome whatever prices follow", LIMIT, () => {
  const arbitrary = fc.record({
    hours: HOURS,
    start: fc.nat(20),
    prices: fc.array(fc.option(PRICE, { nil: undefined }), { minLength: 47, maxLength: 60 }),
    later: fc.array(fc.option(PRICE, { nil: undefined }), { maxLength: 60 }),
  });
  fc.assert(fc.property(arbitrary, ({ hours, start, prices, later }) => {
    const [spellStarts, knownHours] = [[start], [start]];
    const before = horizonOf({ hours, spellStarts, knownHours, prices });
    const after = horizonOf({ hours, spellStarts, knownHours, prices: [...prices, ...later] });
    assertEquals(after, before);
  }));
});

Deno.test("computeHorizon() takes the median of relative changes", LIMIT, () => {
  const prices = [100, 100, 100, 110, 100, 90, 100, 130];
  const { median_change } = horizonOf({ spellStarts: [0, 2, 4], prices });
  assertAlmostEquals(median_change ?? NaN, 0.1, 1e-12);
});
