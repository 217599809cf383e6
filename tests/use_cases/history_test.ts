import { assertEquals } from "@std/assert";
import { HistoryReader, readHistory } from "../../src/use_cases/history.ts";
import { MemorySeries } from "../helpers/memory.ts";
import { pairAt } from "../helpers/samples.ts";

const NOON = Date.UTC(2021, 6, 7, 12);
const MINUTE_MS = 60_000;

Deno.test("readHistory() averages both metrics per bucket, null where one is missing", async () => {
  const series = new MemorySeries();
  await series.add([
    ...pairAt(NOON + 1, 10, 0.5),
    ...pairAt(NOON + 2, 20, 0.5),
    ...pairAt(NOON + 10 * MINUTE_MS, 7, -0.25).slice(0, 1),
    ...pairAt(NOON + 20 * MINUTE_MS, 7, -0.25).slice(1),
  ]);
  assertEquals(await readHistory(series, { hours: 1, bucketMs: 5 * MINUTE_MS }), {
    bucket_seconds: 300,
    points: [
      { time: "2021-07-07T12:00:00.000Z", price: 15, sentiment: 0.5 },
      { time: "2021-07-07T12:10:00.000Z", price: 7, sentiment: null },
      { time: "2021-07-07T12:20:00.000Z", price: null, sentiment: -0.25 },
    ],
  });
});

Deno.test("readHistory() goes back from the newest sample, in whole buckets", async () => {
  const series = new MemorySeries();
  for (let minute = 0; minute < 180; minute++) {
    await series.add(pairAt(NOON + minute * MINUTE_MS, minute + 1));
  }
  const { points } = await readHistory(series, { hours: 1, bucketMs: 10 * MINUTE_MS });
  assertEquals(points.map(({ time }) => time.slice(11, 16)), [
    ...["14:00", "14:10", "14:20", "14:30", "14:40", "14:50"],
  ]);
  assertEquals(points[0]?.price, (121 + 130) / 2);
  assertEquals((await readHistory(series, { hours: 1, bucketMs: 7 * MINUTE_MS })).points.length, 9);
});

Deno.test("readHistory() is empty while there is no sample", async () => {
  const history = await readHistory(new MemorySeries(), { hours: 24, bucketMs: MINUTE_MS });
  assertEquals(history, { bucket_seconds: 60, points: [] });
});

Deno.test("HistoryReader.get() reads a span once for all who ask, and forgets old spans", async () => {
  const series = new MemorySeries();
  await series.add(pairAt(NOON));
  const histories = new HistoryReader(series, () => NOON);
  const span = (hours: number) => ({ hours, bucketMs: MINUTE_MS });
  await Promise.all([histories.get(span(1)), histories.get(span(1)), histories.get(span(1))]);
  assertEquals(series.reads, 1);
  for (let hours = 2; hours <= 33; hours++) await histories.get(span(hours));
  assertEquals(series.reads, 33);
  await histories.get(span(33));
  assertEquals(series.reads, 33);
  await histories.get(span(1));
  assertEquals(series.reads, 34);
});
