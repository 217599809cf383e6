import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import type { LastRefresh } from "../../src/refresh/wire.ts";
import { describeSources } from "../../src/refresh/record.ts";
import { createFakeSupply } from "../helpers/fake_feed.ts";
import { risingAnswer } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };
const AT = "2021-07-07T12:30:00.000Z";
const BEFORE = "2021-07-07T12:29:00.000Z";

Deno.test("describeSources() keeps when a source that fails now last answered", LIMIT, () => {
  const supply = createFakeSupply({ a: risingAnswer, b: risingAnswer, c: risingAnswer });
  const error = new FeedError("timeout", "too slow");
  const failures = ["b", "c"].map((source) => ({ source, error }));
  const previous: LastRefresh = {
    result: { failure: { fault: "timeout", message: "too slow" } },
    sources: [{ source: "b", last_success: BEFORE }],
  };
  assertEquals(describeSources(supply, { failures, answered: ["a"], previous, at: AT }), [
    { source: "a", last_success: AT },
    { source: "b", last_success: BEFORE, failure: "too slow" },
    { source: "c", last_success: null, failure: "too slow" },
  ]);
});

Deno.test("describeSources() lists a reserve once it was asked", LIMIT, () => {
  const { sources: [a, b] } = createFakeSupply({ a: risingAnswer, b: risingAnswer });
  if (a === undefined || b === undefined) throw new Error("there must be two sources");
  const reserve = { source: b, metric: "price" as const, storedMs: 0, isDue: () => false };
  const describe = (answered: string[], previous?: LastRefresh) =>
    describeSources({ sources: [a], reserve }, { failures: [], answered, previous, at: AT });
  const sources = [{ source: "b", last_success: BEFORE, failure: "too slow" }];
  const previous: LastRefresh = {
    result: { failure: { fault: "timeout", message: "too slow" } },
    sources,
  };
  const ofA = { source: "a", last_success: AT };
  assertEquals(describe(["a"]), [ofA]);
  assertEquals(describe(["a"], previous), [ofA, ...sources]);
  assertEquals(describe(["a", "b"], previous), [ofA, { source: "b", last_success: AT }]);
});
