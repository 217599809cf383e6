import { assertEquals } from "@std/assert";
import { mergeAnswers, type SourceAnswer } from "../../src/feeds/feed.ts";

Deno.test("mergeAnswers() adds up what the sources answered", { timeout: 60_000 }, () => {
  const price = { metric: "price", timestamp: 1, value: 2 } as const;
  const sentiment = { metric: "sentiment", timestamp: 1, value: 0 } as const;
  const answers = new Map<string, SourceAnswer>([
    ["a", { samples: [price], rejected: 1 }],
    ["b", { samples: [sentiment], rejected: 2 }],
  ]);
  assertEquals(mergeAnswers(answers), { samples: [price, sentiment], rejected: 3 });
  assertEquals(mergeAnswers(new Map()), { samples: [], rejected: 0 });
});
