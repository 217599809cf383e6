import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { type CombineOptions, mergeAnswers, type Reserve } from "../../src/feeds/feed.ts";
import { refresh, type RefreshEnd } from "../../src/refresh/refresh.ts";
import { createFakeFeed, createFakeSupply, type FakeSource } from "../helpers/fake_feed.ts";
import { createRefreshParts } from "../helpers/refresh_parts.ts";
import { NOW, pairAt, risingAnswer } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };

/** A feed whose reserve is asked while `isDue` says so; what it was told is kept. */
async function setUp(isDue: Reserve["isDue"], answer: FakeSource["answer"]) {
  const store = await createTestStore();
  const told: CombineOptions[] = [];
  const { sources: [source], fakes } = createFakeSupply({ spare: answer });
  if (source === undefined) throw new Error("there must be a source");
  const feed = {
    ...createFakeFeed({ test: () => risingAnswer() }),
    reserve: {
      source,
      metric: "sentiment" as const,
      storedMs: 3_600_000,
      isDue(answers: Parameters<Reserve["isDue"]>[0], options: CombineOptions) {
        told.push(options);
        return isDue(answers, options);
      },
    },
    combine: mergeAnswers,
  };
  const parts = createRefreshParts(feed, store);
  return {
    spare: fakes.spare,
    told,
    refresh: () => refresh(parts, 3),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function summaryOf({ outcome, failures, answered }: RefreshEnd) {
  const report = "report" in outcome ? outcome.report : undefined;
  return { stored: report?.stored, failed: failures.map(({ source }) => source), answered };
}

const MORE = { samples: pairAt(NOW - 1), rejected: 0 };

Deno.test("refresh() asks no reserve while nothing is due", LIMIT, async () => {
  await using test = await setUp(() => false, () => MORE);
  assertEquals(summaryOf(await test.refresh()), { stored: 6, failed: [], answered: ["test"] });
  assertEquals([test.spare.requests, test.told.flatMap(({ stored }) => stored)], [0, []]);
});

Deno.test("refresh() asks no reserve for what is stored", LIMIT, async () => {
  await using test = await setUp(
    (_, { stored }) => !stored.some(({ metric }) => metric === "sentiment"),
    () => MORE,
  );
  await test.refresh();
  await test.refresh();
  assertEquals(test.spare.requests, 1);
  const { stored = [] } = test.told.at(-1) ?? {};
  const sentiment = stored.filter(({ metric }) => metric === "sentiment");
  assertEquals(sentiment.slice(-2).map(({ timestamp }) => timestamp), [NOW - 1, NOW]);
  assertEquals(stored.some(({ timestamp }) => timestamp < NOW - 3_600_000), false);
});

Deno.test("refresh() stores what the reserve adds", LIMIT, async () => {
  await using test = await setUp(() => true, () => MORE);
  const expected = { stored: 8, failed: [], answered: ["test", "spare"] };
  assertEquals(summaryOf(await test.refresh()), expected);
});

Deno.test("refresh() goes on without a reserve that fails, asked once", LIMIT, async () => {
  const error = new FeedError("timeout", "too slow");
  await using test = await setUp(() => true, () => Promise.reject(error));
  const expected = { stored: 6, failed: ["spare"], answered: ["test"] };
  assertEquals(summaryOf(await test.refresh()), expected);
  assertEquals(test.spare.requests, 1);
});
