import { assertEquals, assertRejects } from "@std/assert";
import { computeSummary, NoDataError } from "../../src/summary/load.ts";
import { type Metric, METRICS, type Sample } from "../../src/samples/sample.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { createTestStore, type TestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
const NOON = Date.UTC(2021, 6, 7, 12);

async function storeOf(hours: Record<Metric, readonly number[]>): Promise<TestStore> {
  const store = await createTestStore();
  const samples = Object.entries(hours).flatMap(([metric, list]) =>
    list.map((hour): Sample => ({
      metric: metric === "price" ? "price" : "sentiment",
      timestamp: NOON + hour * HOUR_MS + 1_800_000,
      value: hour,
    }))
  );
  await store.writer.add(samples);
  return store;
}

function hoursOf(times: readonly { time: string }[]): number[] {
  return times.map(({ time }) => (Date.parse(time) - NOON) / HOUR_MS);
}

Deno.test.each([
  { price: [0, 1, 2, 3], sentiment: [0, 1, 2, 3], hours: [1, 2, 3], asOf: 3, reads: 1 },
  { price: [0, 1, 2, 3], sentiment: [0, 1], hours: [0, 1], asOf: 1, reads: 1 },
  { price: [1, 2, 4], sentiment: [1, 2, 3], hours: [1, 2], asOf: 3, reads: 2 },
  { price: [-9, -8, -7, 0], sentiment: [-9, -8, -7, -1], hours: [-9, -8, -7], asOf: -1, reads: 2 },
  { price: [-5_000, 0], sentiment: [-5_000, -1], hours: [-5_000], asOf: -1, reads: 5 },
])(
  "computeSummary() finds hours $hours of price $price and sentiment $sentiment",
  LIMIT,
  async ({ price, sentiment, hours, asOf, reads }) => {
    await using store = await storeOf({ price, sentiment });
    const summary = await computeSummary(store.series);
    assertEquals(hoursOf(summary.hourly_average_of_averages), [...hours]);
    assertEquals(Date.parse(summary.as_of), NOON + asOf * HOUR_MS + 1_800_000);
    const averages = store.commands.filter((command) => command.includes(" AGGREGATION "));
    assertEquals(averages.length, reads * METRICS.length);
  },
);

Deno.test.each([
  { price: [], sentiment: [] },
  { price: [1, 2], sentiment: [] },
  { price: [1], sentiment: [2] },
])(
  "computeSummary() has no data of price $price and sentiment $sentiment",
  LIMIT,
  async ({ price, sentiment }) => {
    await using store = await storeOf({ price, sentiment });
    await assertRejects(() => computeSummary(store.series), NoDataError);
  },
);
