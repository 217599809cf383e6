import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  findHourStates,
  findRuns,
  type HourState,
  layOutHours,
} from "../../src/track_record/hour_states.ts";
import { HOUR_MS, pairAverages } from "../../src/samples/bucket.ts";
import { summarize } from "../../src/summary/summary.ts";
import { averagesFrom, type HourlyTable } from "../helpers/hourly.ts";

const LIMIT = { timeout: 60_000 };
const NOON = Date.UTC(2021, 6, 7, 12);
const SIGNS: Record<HourState, string> = { lit: "#", unlit: ".", unknown: "?" };

function statesOf(table: HourlyTable): HourState[] {
  const end = NOON + table.price.length * HOUR_MS;
  const { price, sentiment } = averagesFrom(NOON, table);
  return findHourStates({
    price: layOutHours(price, NOON, end),
    sentiment: layOutHours(sentiment, NOON, end),
  });
}

Deno.test.each([
  {
    behaviour: "needs two hours to know",
    price: [1, 2, 3],
    sentiment: [1, 2, 3],
    states: "?##",
  },
  {
    behaviour: "compares the first and the last hour of three",
    price: [5, 9, 6],
    sentiment: [1, 1, 2],
    states: "?.#",
  },
  {
    behaviour: "forgets what came before the three hours",
    price: [9, 1, 2, 3],
    sentiment: [9, 1, 2, 3],
    states: "?..#",
  },
  {
    behaviour: "calls a flat price unlit",
    price: [1, 1, 1],
    sentiment: [1, 2, 3],
    states: "?..",
  },
  {
    behaviour: "calls a flat sentiment unlit",
    price: [1, 2, 3],
    sentiment: [0, 0, 0],
    states: "?..",
  },
  {
    behaviour: "does not know an hour without sentiment",
    price: [1, 2, 3, 4, 5],
    sentiment: [1, 2, null, 4, 5],
    states: "?#?##",
  },
  {
    behaviour: "does not know an hour without price",
    price: [1, 2, null, 4, 5],
    sentiment: [1, 2, 3, 4, 5],
    states: "?#?##",
  },
  {
    behaviour: "does not know an hour after two without both",
    price: [1, 2, null, 4, 5],
    sentiment: [1, 2, 3, null, 5],
    states: "?#???",
  },
  {
    behaviour: "needs both metrics in the same hour",
    price: [1, null, 3],
    sentiment: [null, 2, 3],
    states: "???",
  },
])("findHourStates() $behaviour", LIMIT, ({ price, sentiment, states }) => {
  assertEquals(statesOf({ price, sentiment }).map((state) => SIGNS[state]).join(""), states);
});

const COLUMN = fc.array(fc.option(fc.integer({ min: 1, max: 4 })), { minLength: 8, maxLength: 8 });

Deno.test("findHourStates() follows the rule of the summary in every window", LIMIT, () => {
  fc.assert(fc.property(COLUMN, COLUMN, (price, sentiment) => {
    const expected = price.map((_, hour) => {
      const window = { price: price.slice(0, hour + 1), sentiment: sentiment.slice(0, hour + 1) };
      const summary = summarize(pairAverages(averagesFrom(NOON, window)), NOON);
      const hours = summary?.hourly_average_of_averages ?? [];
      const isKnown = hours.length > 1 &&
        Date.parse(hours.at(-1)?.time ?? "") === NOON + hour * HOUR_MS;
      const directions = [summary?.price_direction, summary?.sentiment_direction];
      if (!isKnown) return "unknown";
      return directions.every((direction) => direction === "rising") ? "lit" : "unlit";
    });
    assertEquals(statesOf({ price, sentiment }), expected);
  }));
});

Deno.test("layOutHours() leaves out what lies beside the span", LIMIT, () => {
  const { price } = averagesFrom(NOON, { price: [1, 2, 3, 4], sentiment: [] });
  assertEquals(layOutHours(price, NOON + HOUR_MS, NOON + 3 * HOUR_MS), [2, 3]);
  assertEquals(layOutHours(price, NOON - HOUR_MS, NOON + HOUR_MS), [undefined, 1]);
  assertEquals(Object.keys(layOutHours(price, NOON + HOUR_MS, NOON + 2 * HOUR_MS)), ["0"]);
});

Deno.test.each(
  [
    { states: [], from: 0, runs: [] },
    { states: ["lit"], from: 0, runs: ["lit 0-1"] },
    { states: ["lit", "lit", "unlit", "lit"], from: 0, runs: ["lit 0-2", "unlit 2-3", "lit 3-4"] },
    { states: ["lit", "lit", "lit", "unknown"], from: 2, runs: ["lit 2-3", "unknown 3-4"] },
  ] as const,
)("findRuns() joins $states from $from on", LIMIT, ({ states, from, runs }) => {
  assertEquals(
    findRuns(states, from).map((run) => `${run.state} ${run.from}-${run.to}`),
    [...runs],
  );
});
