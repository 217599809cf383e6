import { assertEquals } from "@std/assert";
import { median, ratios } from "../../../bench/harness/statistics.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test("median() is the middle value, or the mean of the middle two", TIME_LIMIT, () => {
  assertEquals(median([9, 1, 2]), 2);
  assertEquals(median([10, 1, 2, 4]), 3);
  assertEquals(median([]), NaN);
});

Deno.test("ratios() divides round by round", TIME_LIMIT, () => {
  assertEquals(ratios([2, 9], [4, 3]), [0.5, 3]);
});
