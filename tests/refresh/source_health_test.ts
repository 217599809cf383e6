import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import type { LastRefresh } from "../../src/refresh/wire.ts";
import { describeSources } from "../../src/refresh/record.ts";
import { createFakeSupply } from "../helpers/fake_feed.ts";
import { risingAnswer } from "../helpers/samples.ts";

const LIMIT = { timeout: 5_000 };
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
  assertEquals(describeSources(supply, { failures, previous, at: AT }), [
    { source: "a", last_success: AT },
    { source: "b", last_success: BEFORE, failure: "too slow" },
    { source: "c", last_success: null, failure: "too slow" },
  ]);
});
