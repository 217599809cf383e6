import { assertEquals } from "@std/assert";
import { median, ratios } from "../../../bench/harness/statistics.ts";

Deno.test("median() is the middle value, or the mean of the middle two", () => {
  assertEquals(median([9, 1, 2]), 2);
  assertEquals(median([10, 1, 2, 4]), 3);
  assertEquals(median([]), NaN);
});

Deno.test("ratios() divides round by round", () => {
  assertEquals(ratios([2, 9], [4, 3]), [0.5, 3]);
});
