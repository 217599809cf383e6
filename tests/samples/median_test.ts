import { assertEquals } from "@std/assert";
import { median } from "../../src/samples/bucket.ts";

Deno.test.each([
  { behaviour: "takes the middle value", values: [3, 1, 2], result: 2 },
  { behaviour: "takes the mean of two middle values", values: [4, 1, 3, 2], result: 2.5 },
  { behaviour: "sorts numbers as numbers", values: [10, 9, -2], result: 9 },
  { behaviour: "takes a single value", values: [7], result: 7 },
  { behaviour: "finds nothing without values", values: [], result: undefined },
])("median() $behaviour", { timeout: 60_000 }, ({ values, result }) => {
  const before = [...values];
  assertEquals(median(values), result);
  assertEquals(values, before);
});
