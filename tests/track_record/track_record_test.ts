import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import {
  computeInPieces,
  computeTrackRecord,
  startOfTrackRecord,
} from "../../src/track_record/track_record.ts";
import { averagesFrom, type HourlyTable } from "../helpers/hourly.ts";
import { findMedianChange, findRoots, recompute } from "./track_record_oracle.ts";
import type { TrackRecord } from "../../src/track_record/wire.ts";

const LIMIT = { timeout: 60_000 };
const DAY_MS = 24 * HOUR_MS;
const NOON = Date.UTC(2021, 6, 7, 12);

/** The record of the last day of a table whose last hour is the last completed one. */
function compute(...parameters: Parameters<typeof computeTrackRecord>): TrackRecord {
  return computeTrackRecord(...parameters).record;
}

function recordOf(table: HourlyTable, days = 1): TrackRecord {
  const start = NOON - table.price.length * HOUR_MS;
  return compute(averagesFrom(start, table), { feed: "test", days, asOf: NOON });
}

/** The end of the period, one sign per hour: `#` lit, `?` unknown, `.` neither. */
function drawEnd(record: TrackRecord, hours: number): string {
  return Array.from({ length: hours }, (_, i) => {
    const time = new Date(NOON - (hours - i) * HOUR_MS).toISOString();
    const holds = (span: { from: string; to: string }) => span.from <= time && time < span.to;
    return record.spells.some(holds) ? "#" : record.unknown.some(holds) ? "?" : ".";
  }).join("");
}

/** Prices that rise, with sentiment above zero in the hours `lit` only: exactly these are lit. */
function peaksAt(lit: readonly number[], hours: number): HourlyTable {
  const all = Array.from({ length: hours }, (_, i) => i);
  return { price: all.map((i) => 100 + i), sentiment: all.map((i) => lit.includes(i) ? i : 0) };
}

Deno.test(
  "computeTrackRecord() describes its period, which ends with the last completed hour",
  LIMIT,
  () => {
    const averages = averagesFrom(NOON - 4 * HOUR_MS, {
      price: [10, 11, 10, 12, 99],
      sentiment: [0.1, 0.2, 0.1, 0.1, 0.9],
    });
    const record = compute(averages, { feed: "test", days: 2, asOf: NOON + 1_799_999 });
    assertEquals(record, {
      feed: "test",
      from: "2021-07-05T12:00:00.000Z",
      to: "2021-07-07T12:00:00.000Z",
      hours: 48,
      known_hours: 3,
      lit_hours: 1,
      spells: [{ from: "2021-07-07T09:00:00.000Z", to: "2021-07-07T10:00:00.000Z" }],
      unknown: [{ from: "2021-07-05T12:00:00.000Z", to: "2021-07-07T09:00:00.000Z" }],
      horizons: [1, 3, 24].map((hours) => ({
        hours,
        spells: 0,
        higher: 0,
        share: null,
        low: null,
        high: null,
        median_change: null,
        base: { hours: 0, higher: 0, share: null, median_change: null },
        verdict: "no-evidence" as const,
      })),
      payoff: {
        fee_percent: 0.25,
        hold: 1.2,
        lit_only: 1,
        switches: 0,
        hours_held: 0,
        curve: [
          { time: "2021-07-07T08:00:00.000Z", hold: 1, lit_only: 1 },
          { time: "2021-07-07T09:00:00.000Z", hold: 1.1, lit_only: 1 },
          { time: "2021-07-07T10:00:00.000Z", hold: 1, lit_only: 1 },
          { time: "2021-07-07T11:00:00.000Z", hold: 1.2, lit_only: 1 },
        ],
      },
    });
  },
);

Deno.test("computeTrackRecord() knows nothing without data", LIMIT, () => {
  const record = recordOf({ price: [], sentiment: [] });
  assertEquals([record.hours, record.known_hours, record.lit_hours], [24, 0, 0]);
  assertEquals(record.unknown, [{ from: record.from, to: record.to }]);
});

Deno.test.each([
  {
    behaviour: "ends a spell at an unknown hour",
    price: [1, 2, 3, 4, 5],
    sentiment: [1, 2, null, 4, 5],
    drawn: "???#?##",
    spells: 2,
  },
  {
    behaviour: "lists an open spell",
    price: [2, 1, 2, 3],
    sentiment: [2, 1, 2, 3],
    drawn: "????..#",
    spells: 1,
  },
  {
    behaviour: "lists nothing where nothing was lit",
    price: [4, 3, 2, 1],
    sentiment: [1, 2, 3, 4],
    drawn: "????...",
    spells: 0,
  },
])("computeTrackRecord() $behaviour", LIMIT, ({ price, sentiment, drawn, spells }) => {
  const record = recordOf({ price, sentiment });
  assertEquals(drawEnd(record, 7), drawn);
  assertEquals(record.spells.length, spells);
  assertEquals(record.lit_hours, drawn.split("#").length - 1);
});

Deno.test.each([
  { behaviour: "counts a spell after a known hour", lit: [40], listed: 1, counted: 1 },
  { behaviour: "counts a spell from the period's first hour", lit: [24], listed: 1, counted: 1 },
  { behaviour: "leaves out what lies before the period", lit: [23], listed: 0, counted: 0 },
  { behaviour: "lists the rest of an older spell", lit: [22, 23, 24, 25], listed: 1, counted: 0 },
])("computeTrackRecord() $behaviour", LIMIT, ({ lit, listed, counted }) => {
  const record = recordOf(peaksAt(lit, 48));
  assertEquals([record.spells.length, record.horizons[0]?.spells], [listed, counted]);
  if (lit.length > 1) assertEquals(record.spells[0]?.from, record.from);
});

Deno.test("computeTrackRecord() does not count a spell after an unknown hour", LIMIT, () => {
  const record = recordOf({ price: [1, 2, 3, 4, 5, 6], sentiment: [0, 1, 0, 0, 0, 0] });
  assertEquals(drawEnd(record, 6), "?#....");
  assertEquals(record.horizons.map(({ spells }) => spells), [0, 0, 0]);
});

Deno.test(
  "computeTrackRecord() needs the price of the outcome hours, not their sentiment",
  LIMIT,
  () => {
    const { price, sentiment } = peaksAt([30], 48);
    const withoutSentiment = sentiment.map((value, i) => i === 32 || i === 33 ? null : value);
    assertEquals(recordOf({ price, sentiment: withoutSentiment }).horizons[0]?.spells, 1);
    for (const missing of [32, 33]) {
      const withoutPrice = price.map((value, i) => i === missing ? null : value);
      assertEquals(recordOf({ price: withoutPrice, sentiment }).horizons[0]?.spells, 0);
    }
  },
);

Deno.test("computeTrackRecord() follows each spell for 1, 3 and 24 hours", LIMIT, () => {
  const { horizons } = recordOf(peaksAt([21, 25, 43, 44], 48), 2);
  const [one, three, day] = horizons;
  assertEquals(horizons.map(({ spells }) => spells), [3, 2, 1]);
  assertEquals(one?.median_change, 1 / 127);
  assertEquals(three?.median_change, (3 / 123 + 3 / 127) / 2);
  assertEquals(day?.median_change, 24 / 123);
  // Hour 0 is not known, and the last hours have no outcome yet.
  assertEquals(horizons.map(({ base }) => base.hours), [44, 42, 21]);
});

Deno.test(
  "startOfTrackRecord() leaves room for the windows of the two hours before the period",
  LIMIT,
  () => {
    assertEquals(startOfTrackRecord(NOON + 5, 1), NOON - DAY_MS - 4 * HOUR_MS);
  },
);

const PRICE = fc.option(fc.integer({ min: 90, max: 110 }), { freq: 9 });
const SENTIMENT = fc.option(fc.integer({ min: -5, max: 5 }), { freq: 9 });
const TABLE = fc.integer({ min: 0, max: 130 }).chain((hours) =>
  fc.record({
    price: fc.array(PRICE, { minLength: hours, maxLength: hours }),
    sentiment: fc.array(SENTIMENT, { minLength: hours, maxLength: hours }),
  })
);
const DAYS = fc.integer({ min: 1, max: 6 });

Deno.test("computeTrackRecord() shifts with time", LIMIT, () => {
  fc.assert(fc.property(TABLE, DAYS, fc.integer({ min: 1, max: 99_999 }), (table, days, hours) => {
    const shift = hours * HOUR_MS;
    const options = { feed: "test", days, asOf: NOON };
    const record = compute(averagesFrom(NOON - 4 * DAY_MS, table), options);
    const later = compute(averagesFrom(NOON - 4 * DAY_MS + shift, table), {
      ...options,
      asOf: NOON + shift,
    });
    const shifted = JSON.stringify(record).replace(
      /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
      (time) => new Date(Date.parse(time) + shift).toISOString(),
    );
    assertEquals(JSON.stringify(later), shifted);
  }));
});

Deno.test("computeTrackRecord() does not look beyond as_of", LIMIT, () => {
  fc.assert(fc.property(TABLE, DAYS, fc.nat(129), (table, days, hours) => {
    const start = NOON - hours * HOUR_MS;
    const known = {
      price: table.price.slice(0, hours),
      sentiment: table.sentiment.slice(0, hours),
    };
    const options = { feed: "test", days, asOf: NOON };
    assertEquals(
      compute(averagesFrom(start, table), options),
      compute(averagesFrom(start, known), options),
    );
  }));
});

Deno.test("computeTrackRecord() keeps what it said when later hours bring no price", LIMIT, () => {
  fc.assert(fc.property(TABLE, DAYS, (table, days) => {
    const start = NOON - table.price.length * HOUR_MS;
    const before = recordOf(table, days);
    const later = {
      price: table.price,
      sentiment: [...table.sentiment, ...Array.from({ length: 24 }, (_, i) => i)],
    };
    const options = { feed: "test", days: days + 1, asOf: NOON + DAY_MS };
    const after = compute(averagesFrom(start, later), options);
    assertEquals(after.horizons, before.horizons);
    assertEquals(after.spells, before.spells);
  }));
});

Deno.test("computeTrackRecord() agrees with an independent computation", LIMIT, () => {
  let counted = 0;
  fc.assert(fc.property(TABLE, DAYS, fc.nat(HOUR_MS - 1), (table, days, intoHour) => {
    const start = NOON - table.price.length * HOUR_MS;
    const averages = averagesFrom(start, table);
    const record = compute(averages, { feed: "test", days, asOf: NOON + intoHour });
    const expected = recompute(averages, days, NOON + intoHour);
    assertEquals(drawEnd(record, record.hours), expected.drawn);
    assertEquals(record.known_hours, expected.drawn.replaceAll("?", "").length);
    assertEquals(record.lit_hours, expected.drawn.split("#").length - 1);
    assertEquals(record.spells.length, expected.drawn.match(/#+/g)?.length ?? 0);
    assertEquals(record.horizons.length, 3);
    for (const [i, { k, spells, base }] of expected.horizons.entries()) {
      const horizon = record.horizons[i];
      const higher = spells.filter(([before, after]) => after > before).length;
      const baseHigher = base.filter(([before, after]) => after > before).length;
      assertEquals([horizon?.hours, horizon?.spells, horizon?.higher], [k, spells.length, higher]);
      assertEquals([horizon?.base.hours, horizon?.base.higher], [base.length, baseHigher]);
      if (base.length > 0) {
        assertEquals(horizon?.base.share, baseHigher / base.length);
        assertAlmostEquals(horizon?.base.median_change ?? NaN, findMedianChange(base), 1e-9);
      }
      if (spells.length === 0) continue;
      counted += spells.length;
      const [low, high] = findRoots(higher, spells.length);
      assertEquals(horizon?.share, higher / spells.length);
      assertAlmostEquals(horizon?.low ?? NaN, low, 1e-9);
      assertAlmostEquals(horizon?.high ?? NaN, high, 1e-9);
      assertAlmostEquals(horizon?.median_change ?? NaN, findMedianChange(spells), 1e-9);
    }
  }));
  // Without spells the comparison would say little.
  assertEquals(counted > 100, true);
});

Deno.test(
  "computeInPieces() writes ten thousand spans in several pieces",
  { timeout: 60_000 },
  () => {
    const [days, asOf] = [840, Date.UTC(2026, 0, 1)];
    const start = startOfTrackRecord(asOf, days);
    // Every second hour has no samples, so that it is unknown.
    const averages = Array.from({ length: 12 * days }, (_, i) => ({
      time: start + 2 * i * HOUR_MS,
      value: 0.5,
    }));
    function countPieces(given: typeof averages): number {
      const options = { feed: "test", days, asOf };
      return [...computeInPieces({ price: given, sentiment: given }, options)].length;
    }
    assert(countPieces(averages) > countPieces([]), "no piece more than without samples");
  },
);
