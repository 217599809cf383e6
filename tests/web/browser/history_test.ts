import { assertEquals } from "@std/assert";
import { describeHistory, toColumns } from "../../../src/web/browser/history.js";

const HISTORY = {
  bucket_seconds: 21_600,
  points: [
    { time: "2021-07-07T00:00:00.000Z", price: 34_000, sentiment: 0.5 },
    { time: "2021-07-07T12:00:00.000Z", price: 35_000.5, sentiment: -0.25 },
    { time: "2021-07-07T18:00:00.000Z", price: 34_500, sentiment: null },
  ],
};

Deno.test("toColumns() covers 24 hours up to the newest point, with gaps", () => {
  const midnight = Date.UTC(2021, 6, 7) / 1_000;
  assertEquals(toColumns(HISTORY), [
    [0, 1, 2, 3].map((i) => midnight + i * 21_600),
    [34_000, null, 35_000.5, 34_500],
    [0.5, null, -0.25, null],
  ]);
});

Deno.test("describeHistory() tells range and end of both metrics", () => {
  assertEquals(
    describeHistory(HISTORY),
    "The price went between $34,000.00 and $35,000.50 and is at $34,500.00. " +
      "Sentiment went between −0.250 and +0.500 and is at −0.250.",
  );
});

Deno.test("describeHistory() says nothing when a metric has no value", () => {
  const points = HISTORY.points.map((point) => ({ ...point, sentiment: null }));
  assertEquals(describeHistory({ ...HISTORY, points }), undefined);
  assertEquals(describeHistory({ ...HISTORY, points: [] }), undefined);
});
