import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { BUCKET_MS, findDue, splice } from "../../src/feeds/splice.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import type { Sample } from "../../src/samples/sample.ts";

const TIME_LIMIT = { timeout: 60_000 };
const BUCKET = Date.UTC(2026, 0, 2, 12);
/** Eight minutes after the end of {@linkcode BUCKET}. */
const NOW = BUCKET + BUCKET_MS + 8 * MINUTE_MS;

/** A sample so many buckets before {@linkcode BUCKET}. */
function before(buckets: number, value: number): Sample {
  return { metric: "sentiment", timestamp: BUCKET - buckets * BUCKET_MS, value };
}

/** Samples of the buckets before, from `first` to `last`. */
function span(first: number, last: number, valueAt: (buckets: number) => number): Sample[] {
  return Array.from({ length: last - first + 1 }, (_, i) => before(first + i, valueAt(first + i)));
}

Deno.test("findDue() waits for a bucket until 8 minutes after its end", TIME_LIMIT, () => {
  const known = span(1, 20, () => 0);
  assertEquals(findDue(known, NOW - 1), []);
  assertEquals(findDue(known, NOW), [BUCKET]);
  assertEquals(findDue([...known, before(0, 0)], NOW), []);
});

Deno.test("findDue() looks back for an hour, oldest first", TIME_LIMIT, () => {
  const due = findDue([before(3, 0)], NOW);
  assertEquals(due.length, 11);
  assertEquals([due[0], due.at(-1)], [BUCKET - 11 * BUCKET_MS, BUCKET]);
  assertEquals(due.includes(BUCKET - 3 * BUCKET_MS), false);
});

Deno.test("findDue() knows a bucket whose source counts from another second", TIME_LIMIT, () => {
  const known = span(0, 20, () => 0);
  for (const shiftMs of [-2 * MINUTE_MS, 2 * MINUTE_MS]) {
    const shifted = known.map((one) => ({ ...one, timestamp: one.timestamp + shiftMs }));
    assertEquals(findDue(shifted, NOW), []);
  }
});

Deno.test("splice() brings the other source to the level of the known one", TIME_LIMIT, () => {
  const known = span(1, 12, (i) => 0.3 + i / 100);
  const other = span(0, 12, (i) => 0.1 + i / 100);
  const [spliced, ...others] = splice({ known, other, now: NOW });
  assertEquals([spliced?.metric, spliced?.timestamp, others], ["sentiment", BUCKET, []]);
  assertAlmostEquals(spliced?.value ?? NaN, 0.3, 1e-12);
});

Deno.test("splice() takes the median difference of the day before alone", TIME_LIMIT, () => {
  const known = [...span(1, 288, (i) => i <= 100 ? 0.9 : 0.2), ...span(289, 900, () => 0.9)];
  const [spliced] = splice({ known, other: span(0, 900, () => 0.1), now: NOW });
  assertAlmostEquals(spliced?.value ?? NaN, 0.2, 1e-12);
});

Deno.test("splice() fills nothing with fewer than 12 common buckets", TIME_LIMIT, () => {
  const known = [...span(1, 11, () => 0.2), before(290, 0.2)];
  assertEquals(splice({ known, other: span(0, 300, () => 0.1), now: NOW }), []);
  const enough = [...known, before(288, 0.2)];
  assertEquals(splice({ known: enough, other: span(0, 300, () => 0.1), now: NOW }).length, 1);
});

Deno.test("splice() fills what the other source has, and what is due", TIME_LIMIT, () => {
  const known = span(4, 40, () => 0);
  const other = [...span(-3, 2, () => 0.5), ...span(4, 40, () => 0.5)];
  const times = splice({ known, other, now: NOW }).map(({ timestamp }) => timestamp);
  assertEquals(times, [2, 1, 0].map((buckets) => BUCKET - buckets * BUCKET_MS));
});

Deno.test("splice() counts spliced buckets as known", TIME_LIMIT, () => {
  // Without the one just filled, the second has only eleven to compare with.
  const known = [...span(2, 12, () => 0.4), before(289, 0.4)];
  const other = [...span(0, 12, () => 0.1), before(289, 0.1)];
  const values = splice({ known, other, now: NOW }).map(({ value }) => value);
  assertEquals(values.length, 2);
  for (const value of values) assertAlmostEquals(value, 0.4, 1e-12);
});

Deno.test.each([
  { level: 0.9, expected: 1 },
  { level: -0.9, expected: -1 },
])("splice() stays within −1 and 1 at the level $level", TIME_LIMIT, ({ level, expected }) => {
  const known = span(1, 20, () => level);
  const other = [...span(1, 20, () => 0), before(0, Math.sign(level) / 2)];
  assertEquals(splice({ known, other, now: NOW })[0]?.value, expected);
});

Deno.test("splice() follows any level exactly, whatever is missing before", TIME_LIMIT, () => {
  const value = fc.double({ min: -0.4, max: 0.4, noNaN: true });
  const levels = fc.record({
    values: fc.array(value, { minLength: 60, maxLength: 60 }),
    missing: fc.uniqueArray(fc.integer({ min: 12, max: 47 })),
    level: value,
    minutes: fc.integer({ min: 0, max: 55 }),
  });
  fc.assert(
    fc.property(levels, ({ values, missing, level, minutes }) => {
      const other = values.map((value, i) => before(i, value));
      const known = other.filter((_, i) => i >= 12 && !missing.includes(i))
        .map((sample) => ({ ...sample, value: sample.value + level }));
      const now = NOW - minutes * MINUTE_MS;
      for (const { timestamp, value } of splice({ known, other, now })) {
        assert(timestamp + BUCKET_MS + 8 * MINUTE_MS <= now && timestamp > now - 2 * HOUR_MS);
        const given = values[(BUCKET - timestamp) / BUCKET_MS] ?? NaN;
        assertAlmostEquals(value, given + level, 1e-9);
      }
    }),
    { numRuns: 200 },
  );
});
