import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { PriceSource } from "../../src/feeds/lone_price.ts";
import { indexPrices } from "../../src/feeds/price_index.ts";
import { MINUTE_MS } from "../../src/samples/bucket.ts";
import type { Sample } from "../../src/samples/sample.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 0, 5);
const LAST_MINUTE = NOW - 65_000;
const TIME_LIMIT = { timeout: 60_000 };

/** Prices of the last minutes, the newest last; `undefined` for a minute without one. */
function lastMinutes(...prices: (number | undefined)[]): Sample[] {
  return prices.flatMap((value, i) => {
    const timestamp = LAST_MINUTE - (prices.length - 1 - i) * MINUTE_MS;
    return value === undefined ? [] : [{ metric: "price", timestamp, value }];
  });
}

type Answers = Record<string, readonly Sample[]>;

/** The index of three sources; one without samples has failed, and reaches back for hours. */
function indexOf({ a, b, c }: Answers, now = NOW) {
  const sources = new Map<string, PriceSource>([
    ["a", { samples: a, maxPeriods: 720 }],
    ["b", { samples: b, maxPeriods: 300 }],
    ["c", { samples: c, maxPeriods: 1_000 }],
  ]);
  return indexPrices(sources, { now, periodMs: MINUTE_MS, stored: [] });
}

function valuesOf(sources: Answers, now = NOW): number[] {
  return indexOf(sources, now).samples.map(({ value }) => value);
}

Deno.test.each([
  { case: "three", a: 100, b: 101, c: 103, values: [101], rejected: 0 },
  { case: "three, one of them far off", a: 100, b: 101, c: 150, values: [101], rejected: 0 },
  { case: "three, all of them far apart", a: 100, b: 130, c: 170, values: [130], rejected: 0 },
  { case: "two", a: 100, b: 101, c: undefined, values: [100.5], rejected: 0 },
  { case: "two that are 2 % apart", a: 100, b: undefined, c: 102, values: [101], rejected: 0 },
  {
    case: "two that are more than 2 % apart",
    a: 102.03,
    b: 100,
    c: undefined,
    values: [],
    rejected: 1,
  },
  {
    case: "one, a few seconds after its end",
    a: 100,
    b: undefined,
    c: undefined,
    values: [],
    rejected: 0,
  },
])("indexPrices() of $case", TIME_LIMIT, ({ a, b, c, values, rejected }) => {
  const index = indexOf({ a: lastMinutes(a), b: lastMinutes(b), c: lastMinutes(c) });
  assertEquals([index.samples.map(({ value }) => value), index.rejected], [values, rejected]);
  assertEquals(index.degraded, false);
});

Deno.test("indexPrices() keeps the minutes apart, oldest first", TIME_LIMIT, () => {
  const sources = { a: lastMinutes(100, 200, 300), b: lastMinutes(101, 201, 303).reverse() };
  assertEquals(indexOf(sources).samples, lastMinutes(100.5, 200.5, 301.5));
});

Deno.test("indexPrices() of nothing is empty", TIME_LIMIT, () => {
  const empty = { samples: [], rejected: 0, degraded: false };
  assertEquals([indexOf({}), indexOf({ a: [] })], [empty, empty]);
});

Deno.test.each([
  { after: "2:59.999 min", ms: 3 * MINUTE_MS - 1, values: [], degraded: false },
  { after: "3 min", ms: 3 * MINUTE_MS, values: [100], degraded: true },
  { after: "14:59.999 min", ms: 15 * MINUTE_MS - 1, values: [100], degraded: true },
  { after: "15 min", ms: 15 * MINUTE_MS, values: [], degraded: false },
])("indexPrices() of a single source $after after the minute's end", TIME_LIMIT, (row) => {
  const index = indexOf({ a: lastMinutes(100) }, LAST_MINUTE + MINUTE_MS + row.ms);
  assertEquals(index.samples.map(({ value }) => value), row.values);
  assertEquals([index.degraded, index.rejected], [row.degraded, 0]);
});

Deno.test("indexPrices() waits for a second source of longer periods too", TIME_LIMIT, () => {
  const hour = { metric: "price", timestamp: NOW - 3_600_000, value: 100 } as const;
  const sources = new Map([["a", { samples: [hour], maxPeriods: 0 }]]);
  const options = { periodMs: 3_600_000, stored: [{ ...hour, timestamp: NOW }] };
  const counts = [NOW + 3 * MINUTE_MS - 1, NOW + 3 * MINUTE_MS].map((now) =>
    indexPrices(sources, { ...options, now }).samples.length
  );
  assertEquals(counts, [0, 1]);
});

Deno.test.each([
  {
    case: "two answered, and lack the minute",
    sources: { b: lastMinutes(100, ...gap(9)), c: lastMinutes(100, ...gap(9)) },
    degraded: true,
  },
  { case: "two failed", sources: {}, degraded: true },
  { case: "two answered without a sample", sources: { b: [], c: [] }, degraded: true },
  {
    case: "one failed, the other does not reach back so far",
    sources: { b: lastMinutes(100) },
    degraded: true,
  },
  {
    case: "none of the other two reaches back so far",
    sources: { b: lastMinutes(100), c: lastMinutes(101) },
    degraded: false,
  },
])("indexPrices() of minutes with one source where $case", TIME_LIMIT, ({ sources, degraded }) => {
  const index = indexOf({ a: lastMinutes(...Array(10).fill(100)), ...sources });
  assertEquals(index.degraded, degraded);
});

function gap(count: number): undefined[] {
  return Array(count).fill(undefined);
}

Deno.test("indexPrices() counts a source once per minute", TIME_LIMIT, () => {
  const twice = [...lastMinutes(150), ...lastMinutes(151)];
  assertEquals(valuesOf({ a: twice, b: lastMinutes(100), c: lastMinutes(101) }), [101]);
  assertEquals(indexOf({ a: twice, b: lastMinutes(100) }).rejected, 1);
});

Deno.test("indexPrices() ignores a source alone that contradicts two others", TIME_LIMIT, () => {
  const [a, b] = [lastMinutes(100, 100), lastMinutes(101, 101)];
  const index = indexOf({ a, b, c: lastMinutes(150, 150, 150, ...gap(6), 150, 150) });
  assertEquals([index.samples, index.rejected], [lastMinutes(101, 101), 3]);
  assertEquals(valuesOf({ a, b, c: lastMinutes(99, 99, ...gap(6), 99, 99) }), [99, 99, 100, 100]);
});

Deno.test("indexPrices() ignores a source beside one that it contradicts", TIME_LIMIT, () => {
  const a = lastMinutes(100, 100, 100, ...gap(6), 100, 100);
  const index = indexOf({ a, b: lastMinutes(101, 101), c: a.map(byHalf) });
  assertEquals(index.samples.map(({ value }) => value), [100, 100, 100, 101, 101]);
  assertEquals(index.rejected, 0);
});

Deno.test("indexPrices() can't tell which of two is wrong", TIME_LIMIT, () => {
  const a = lastMinutes(100, ...gap(6), 100, 100);
  const index = indexOf({ a, b: lastMinutes(150, 150) });
  assertEquals([index.samples.map(({ value }) => value), index.rejected], [[100], 2]);
});

function byHalf(sample: Sample): Sample {
  return { ...sample, value: sample.value * 1.5 };
}

const PRICE = fc.double({ min: 1, max: 1e6, noNaN: true });

/** Minutes of two exchanges that are less than 2 % apart, of which some lack a candle. */
const HONEST = fc.array(
  fc.record({ price: PRICE, factor: fc.double({ min: 1, max: 1.019, noNaN: true }) }),
  { minLength: 10, maxLength: 60 },
).map((minutes) => ({
  a: lastMinutes(...minutes.map(({ price }) => price)),
  b: lastMinutes(...minutes.map(({ price, factor }) => price * factor)),
}));

/** A third exchange that lies, lags, misses minutes or repeats them. */
const FAULTY = fc.record({
  factor: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  lag: fc.nat(20),
  keep: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
  repeats: fc.nat(3),
});

function distort(
  honest: readonly Sample[],
  fault: typeof FAULTY extends fc.Arbitrary<infer F> ? F : never,
) {
  const kept = honest.slice(0, honest.length - fault.lag).filter((_, i) => fault.keep[i]);
  const lies = kept.map((sample) => ({ ...sample, value: sample.value * fault.factor }));
  return Array.from({ length: fault.repeats + 1 }, () => lies).flat();
}

Deno.test(
  "indexPrices() of three: a faulty one never moves it beyond the other two",
  TIME_LIMIT,
  () => {
    fc.assert(fc.property(HONEST, FAULTY, fc.boolean(), ({ a, b }, fault, first) => {
      const c = distort(a, fault);
      const { samples, rejected } = indexOf(first ? { c, a, b } : { a, b, c });
      assertEquals([samples.length, rejected], [a.length, 0]);
      for (const [i, { value }] of samples.entries()) {
        const low = a[i]?.value ?? NaN;
        const high = b[i]?.value ?? NaN;
        assert(value >= low && value <= high, `${value} is not within ${low} and ${high}`);
      }
    }));
  },
);

Deno.test("indexPrices() of two: the error is at most 1 %", TIME_LIMIT, () => {
  fc.assert(fc.property(HONEST, FAULTY, ({ a }, fault) => {
    const { samples } = indexOf({ a, b: distort(a, fault) }, NOW + 60 * MINUTE_MS);
    const truth = new Map(a.map(({ timestamp, value }) => [timestamp, value]));
    for (const { timestamp, value } of samples) {
      const price = truth.get(timestamp) ?? NaN;
      assertAlmostEquals(value / price, 1, 0.01 + 1e-12);
    }
  }));
});
