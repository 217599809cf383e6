import { assertEquals } from "@std/assert";
import { joinAverages, toCsv } from "../../src/history/history.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test("toCsv() writes a header, a line per row, and nothing for null", TIME_LIMIT, () => {
  const csv = toCsv([
    { time: "2021-07-07T12:00:00.000Z", price: 34_500.25, sentiment: -0.25 },
    { time: "2021-07-07T12:05:00.000Z", price: null, sentiment: 0 },
    { time: "2021-07-07T12:10:00.000Z", price: 34_501, sentiment: null },
  ]);
  assertEquals(csv.split("\r\n"), [
    "time,price,sentiment",
    "2021-07-07T12:00:00.000Z,34500.25,-0.25",
    "2021-07-07T12:05:00.000Z,,0",
    "2021-07-07T12:10:00.000Z,34501,",
    "",
  ]);
});

Deno.test("toCsv() without rows is the header", TIME_LIMIT, () => {
  assertEquals(toCsv([]), "time,price,sentiment\r\n");
});

Deno.test(
  "joinAverages() joins by bucket, oldest first, whichever metric comes first",
  TIME_LIMIT,
  () => {
    const points = joinAverages({
      price: [{ time: 120_000, value: 3 }, { time: 180_000, value: 4 }],
      sentiment: [{ time: 60_000, value: 0.1 }, { time: 120_000, value: 0.2 }],
    });
    assertEquals(points, [
      { time: "1970-01-01T00:01:00.000Z", price: null, sentiment: 0.1 },
      { time: "1970-01-01T00:02:00.000Z", price: 3, sentiment: 0.2 },
      { time: "1970-01-01T00:03:00.000Z", price: 4, sentiment: null },
    ]);
  },
);
