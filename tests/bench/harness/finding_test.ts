import { assertEquals } from "@std/assert";
import { isMiss, toTableRow, unjudged } from "../../../bench/harness/finding.ts";

const TIME_LIMIT = { timeout: 60_000 };

const RATIO = { what: "reads", values: [0.7, 0.9, 0.8], unit: "×", budget: { atLeast: 0.8 } };

Deno.test.each([
  { budget: { atLeast: 0.8 }, values: [0.8], miss: false },
  { budget: { atLeast: 0.8 }, values: [0.79, 0.79, 2], miss: true },
  { budget: { atMost: 2 }, values: [2], miss: false },
  { budget: { atMost: 2 }, values: [2.01, 2.01, 1], miss: true },
  { budget: { atMost: 2 }, values: [NaN], miss: true },
])(
  "isMiss() is $miss for $values with the budget $budget",
  TIME_LIMIT,
  ({ budget, values, miss }) => {
    assertEquals(isMiss({ what: "x", budget, values }), miss);
  },
);

Deno.test("toTableRow() writes budget, median, spread, rounds and verdict", TIME_LIMIT, () => {
  assertEquals(toTableRow(RATIO), ["reads", "≥ 0.8 ×", "0.8 ×", "0.7 – 0.9", "3", "ok"]);
  assertEquals(toTableRow({ ...RATIO, values: [0.5] }).at(-1), "MISS");
});

Deno.test(
  "toTableRow() writes the reason for which a row is not judged or not run",
  TIME_LIMIT,
  () => {
    const reason = "not judged: the embedded server";
    assertEquals(toTableRow(unjudged(RATIO, "the embedded server")).at(-1), reason);
    assertEquals(toTableRow({ what: "reads", why: "no wrk" }).at(-1), "not run: no wrk");
  },
);
