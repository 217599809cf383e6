import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import type { SourceAnswer } from "../../src/feeds/feed.ts";
import { fetchSources, joinFailures } from "../../src/refresh/fetch_sources.ts";
import { createFakeSupply } from "../helpers/fake_feed.ts";
import { createFetchParts } from "../helpers/refresh_parts.ts";
import { risingAnswer } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };

/** Two sources of which the test can let one fail. */
function setUp(answer: () => Promise<SourceAnswer>) {
  const supply = createFakeSupply({ a: () => risingAnswer(), b: answer });
  const parts = createFetchParts();
  const fetch = (tries: number) => fetchSources(supply.sources, { ...parts, tries });
  const { a, b } = supply.fakes;
  return { fetch, a, b, pauses: parts.pauses, log: parts.log };
}

Deno.test("fetchSources() asks all sources at once", LIMIT, async () => {
  const waiting = Promise.withResolvers<SourceAnswer>();
  const { fetch, a, b } = setUp(() => waiting.promise);
  const fetching = fetch(1);
  assertEquals([a.requests, b.requests], [1, 1]);
  waiting.resolve({ samples: [], rejected: 2 });
  const { answers, failures } = await fetching;
  assertEquals(answers.get("a"), risingAnswer());
  assertEquals(answers.get("b"), { samples: [], rejected: 2 });
  assertEquals(failures, []);
});

Deno.test("fetchSources() asks only a source that failed again", LIMIT, async () => {
  const { fetch, a, b, pauses } = setUp(() =>
    b.requests < 3
      ? Promise.reject(new FeedError("timeout", "too slow"))
      : Promise.resolve({ samples: [], rejected: 0 })
  );
  const { answers, failures } = await fetch(3);
  assertEquals([a.requests, b.requests, pauses], [1, 3, [1_000, 4_000]]);
  assertEquals([[...answers.keys()].sort(), failures], [["a", "b"], []]);
});

Deno.test("fetchSources() names the source that failed at every try", LIMIT, async () => {
  const error = new FeedError("timeout", "too slow");
  const { fetch, b, log } = setUp(() => Promise.reject(error));
  const { answers, failures } = await fetch(3);
  assertEquals([[...answers.keys()], failures], [["a"], [{ source: "b", error }]]);
  assertEquals(b.requests, 3);
  const fields = { source: "b", error };
  assertEquals(log.lines, [{ level: "warn", message: "a source failed", fields }]);
});

Deno.test.each([
  { withinMs: undefined, limitMs: 20_000 },
  { withinMs: 5_000, limitMs: 5_000 },
  { withinMs: 30_000, limitMs: 20_000 },
])("fetchSources() gives $limitMs ms when it has $withinMs ms", LIMIT, async (row) => {
  const { sources } = createFakeSupply({ a: () => risingAnswer() });
  const limits: number[] = [];
  const sleep = (ms: number) => {
    limits.push(ms);
    return Promise.withResolvers<never>().promise;
  };
  const { withinMs, limitMs } = row;
  const options = { ...createFetchParts(), sleep, tries: 1 };
  await fetchSources(sources, withinMs === undefined ? options : { ...options, withinMs });
  assertEquals(limits, [limitMs]);
});

Deno.test("fetchSources() asks once when it may try once", LIMIT, async () => {
  const { fetch, b } = setUp(() => Promise.reject(new FeedError("timeout", "too slow")));
  assertEquals((await fetch(1)).failures.length, 1);
  assertEquals(b.requests, 1);
});

Deno.test("fetchSources() does not retry a source that sent Retry-After", LIMIT, async () => {
  const error = new FeedError("unavailable", "busy", { retryAfterMs: 0 });
  const { fetch, b } = setUp(() => Promise.reject(error));
  assertEquals((await fetch(3)).failures, [{ source: "b", error }]);
  assertEquals(b.requests, 1);
});

Deno.test("fetchSources() does not retry a refusal", LIMIT, async () => {
  const error = new FeedError("unavailable", "blocked", { isFinal: true });
  const { fetch, b } = setUp(() => Promise.reject(error));
  assertEquals((await fetch(3)).failures, [{ source: "b", error }]);
  assertEquals(b.requests, 1);
});

const UNFORESEEN = [new RangeError("a bug"), "a text", undefined, null, { code: 1 }];

Deno.test.each(UNFORESEEN.map((thrown) => ({ thrown })))(
  "fetchSources() calls $thrown that a source throws its failure, and logs it as an error",
  LIMIT,
  async ({ thrown }) => {
    const { fetch, a, b, log } = setUp(() => Promise.reject(thrown));
    const { answers, failures: [failure, ...others] } = await fetch(3);
    assertEquals([[...answers.keys()], others], [["a"], []]);
    assertEquals([failure?.source, failure?.error.fault], ["b", "invalid"]);
    assertEquals(failure?.error.cause, thrown);
    assertEquals([a.requests, b.requests], [1, 1]);
    const fields = { source: "b", error: thrown };
    assertEquals(log.lines, [{ level: "error", message: "a source failed unexpectedly", fields }]);
  },
);

Deno.test.each(
  [
    { faults: ["timeout", "timeout"], joined: "timeout" },
    { faults: ["timeout", "invalid"], joined: "invalid" },
    { faults: ["invalid", "unavailable", "timeout"], joined: "unavailable" },
  ] as const,
)("joinFailures() of $faults is $joined", LIMIT, ({ faults, joined }) => {
  const failures = faults.map((fault) => ({ source: fault, error: new FeedError(fault, "no") }));
  assertEquals(joinFailures(failures).fault, joined);
});

Deno.test("joinFailures() joins messages, and causes for the log", LIMIT, () => {
  const error = joinFailures([
    { source: "a", error: new FeedError("timeout", "a is slow", { cause: new Error("x") }) },
    { source: "b", error: new FeedError("timeout", "b is slow", { cause: new Error("y") }) },
  ]);
  assertEquals(error.message, "a is slow; b is slow");
  assertEquals(error.cause instanceof AggregateError && error.cause.message, "x; y");
});

Deno.test("joinFailures() keeps the cause of a single failure", LIMIT, () => {
  const cause = new Error("x");
  const error = new FeedError("timeout", "a is slow", { cause });
  assertEquals(joinFailures([{ source: "a", error }]).cause, cause);
});

Deno.test.each([
  { pauses: [3_000, 1_000], soonest: 1_000 },
  { pauses: [3_000, undefined], soonest: undefined },
])("joinFailures() of pauses $pauses asks to wait $soonest ms", LIMIT, ({ pauses, soonest }) => {
  const failures = pauses.map((retryAfterMs, i) => ({
    source: `${i}`,
    error: new FeedError("unavailable", "busy", { retryAfterMs }),
  }));
  assertEquals(joinFailures(failures).retryAfterMs, soonest);
});
