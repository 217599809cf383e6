import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Average, HOUR_MS, pairAverages } from "../../src/samples/bucket.ts";
import type { PerMetric } from "../../src/samples/sample.ts";
import { answerAt, summarize } from "../../src/summary/summary.ts";

const LIMIT = { timeout: 60_000 };
const NOON = Date.UTC(2021, 6, 7, 12);

function hoursFrom(start: number, values: readonly (number | null)[]): Average[] {
  return values.flatMap((value, i) => value === null ? [] : [{ time: start + i * HOUR_MS, value }]);
}

function summaryOf(price: readonly (number | null)[], sentiment: readonly (number | null)[]) {
  const hours = pairAverages({
    price: hoursFrom(NOON, price),
    sentiment: hoursFrom(NOON, sentiment),
  });
  return summarize(hours, NOON);
}

Deno.test.each([
  {
    behaviour: "finds both rising",
    price: [1, 2, 3],
    sentiment: [0.1, 0.2, 0.3],
    hours: 3,
    up: "rising rising",
  },
  {
    behaviour: "compares first and last hour only",
    price: [2, 9, 1],
    sentiment: [0, -1, 1],
    hours: 3,
    up: "falling rising",
  },
  {
    behaviour: "calls equal ends flat",
    price: [5, 9, 5],
    sentiment: [0.5, 0, 0.5],
    hours: 3,
    up: "flat flat",
  },
  { behaviour: "calls one hour flat", price: [5], sentiment: [0.5], hours: 1, up: "flat flat" },
  {
    behaviour: "keeps the newest three hours",
    price: [9, 1, 2, 3],
    sentiment: [9, 3, 2, 1],
    hours: 3,
    up: "rising falling",
  },
  {
    behaviour: "leaves out an hour without sentiment",
    price: [1, 2, 3],
    sentiment: [0.1, null, 0.3],
    hours: 2,
    up: "rising rising",
  },
  {
    behaviour: "ends with the newest hour of both",
    price: [1, 2, 3, 4, 5],
    sentiment: [1, 2, 3],
    hours: 3,
    up: "rising rising",
  },
  {
    behaviour: "does not reach beyond the window for a third hour",
    price: [1, null, 3, 4],
    sentiment: [1, 2, 3, 4],
    hours: 2,
    up: "rising rising",
  },
  {
    behaviour: "compares negative numbers as numbers",
    price: [1, 1, 1],
    sentiment: [-0.5, 0, -0.25],
    hours: 3,
    up: "flat rising",
  },
])("summarize() $behaviour", LIMIT, ({ price, sentiment, hours, up }) => {
  const summary = summaryOf(price, sentiment);
  assertEquals(summary?.hourly_average_of_averages.length, hours);
  assertEquals(`${summary?.price_direction} ${summary?.sentiment_direction}`, up);
});

Deno.test("summarize() returns nothing when no hour has both metrics", LIMIT, () => {
  assertEquals(summaryOf([1, null], [null, 1]), undefined);
  assertEquals(summaryOf([], []), undefined);
});

Deno.test(
  "summarize() names each hour by its start and keeps as_of to the millisecond",
  LIMIT,
  () => {
    const hours = pairAverages({ price: hoursFrom(NOON, [1]), sentiment: hoursFrom(NOON, [0.5]) });
    assertEquals(summarize(hours, NOON + 123), {
      hourly_average_of_averages: [{ time: "2021-07-07T12:00:00.000Z", price: 1, sentiment: 0.5 }],
      price_direction: "flat",
      sentiment_direction: "flat",
      as_of: "2021-07-07T12:00:00.123Z",
    });
  },
);

Deno.test.each([
  {
    behaviour: "lit while fresh and both rising",
    price: [1, 2],
    sentiment: [0, 1],
    age: 900,
    lit: true,
    stale: false,
  },
  {
    behaviour: "stale and not lit a moment later",
    price: [1, 2],
    sentiment: [0, 1],
    age: 901,
    lit: false,
    stale: true,
  },
  {
    behaviour: "not lit when the price falls",
    price: [2, 1],
    sentiment: [0, 1],
    age: 0,
    lit: false,
    stale: false,
  },
  {
    behaviour: "not lit when sentiment is flat",
    price: [1, 2],
    sentiment: [1, 1],
    age: 0,
    lit: false,
    stale: false,
  },
])("answerAt() is $behaviour", LIMIT, ({ price, sentiment, age, lit, stale }) => {
  const summary = summaryOf(price, sentiment);
  const answer = summary && answerAt(summary, NOON + age, { feed: "test", staleAfterMs: 900 });
  assertEquals({ lit: answer?.lit, stale: answer?.stale }, { lit, stale });
  assertEquals(Object.entries(answer ?? {}).at(-1), ["feed", "test"]);
});

// The oracle groups raw hours in a table by clock hour, with no pairing of lists and no filters.
function oracle(averages: PerMetric<Average[]>) {
  const table = new Map<number, { price?: number; sentiment?: number }>();
  for (const { time, value } of averages.price) table.set(time, { price: value });
  for (const { time, value } of averages.sentiment) {
    table.set(time, { ...table.get(time), sentiment: value });
  }
  const full = [...table].filter(([, row]) => Object.keys(row).length === 2);
  const last = Math.max(...full.map(([time]) => time));
  const slots = [last - 2 * HOUR_MS, last - HOUR_MS, last];
  const kept = slots.filter((slot) => full.some(([time]) => time === slot));
  const sign = (metric: "price" | "sentiment") => {
    const [first, end] = [table.get(kept[0] ?? 0)?.[metric], table.get(last)?.[metric]];
    return ["falling", "flat", "rising"][Math.sign((end ?? 0) - (first ?? 0)) + 1];
  };
  return {
    times: kept.map((time) => new Date(time).toISOString()),
    signs: [sign("price"), sign("sentiment")],
  };
}

const ARBITRARY_AVERAGES = fc.uniqueArray(
  fc.record({ time: fc.integer({ min: 0, max: 9 }), value: fc.integer({ min: -3, max: 3 }) }),
  { selector: ({ time }) => time, maxLength: 10 },
).map((rows) => rows.map(({ time, value }) => ({ time: NOON + time * HOUR_MS, value })));

Deno.test("summarize() agrees with an oracle on any averages", LIMIT, () => {
  fc.assert(fc.property(ARBITRARY_AVERAGES, ARBITRARY_AVERAGES, (price, sentiment) => {
    const summary = summarize(pairAverages({ price, sentiment }), NOON);
    const expected = oracle({ price, sentiment });
    if (summary === undefined) return assertEquals(expected.times, []);
    assertEquals(summary.hourly_average_of_averages.map(({ time }) => time), expected.times);
    assertEquals([summary.price_direction, summary.sentiment_direction], expected.signs);
  }));
});
