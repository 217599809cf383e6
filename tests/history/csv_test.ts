import { assertEquals } from "@std/assert";
import { toCsv } from "../../src/history/history.ts";

const TIME_LIMIT = { timeout: 10_000 };

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
