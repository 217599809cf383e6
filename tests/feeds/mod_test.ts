import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/core/errors.ts";
import { createFeed, FEED_NAMES, isFeedName } from "../../src/feeds/mod.ts";

const NOWHERE = "http://127.0.0.1:1/";
const OPTIONS = { sentimentApiUrl: NOWHERE, krakenUrl: NOWHERE, okxUrl: NOWHERE, clock: () => 0 };

Deno.test("createFeed() makes each feed under its own name", async () => {
  for (const name of FEED_NAMES.filter(isFeedName)) {
    const feed = createFeed(name, OPTIONS);
    assertEquals(feed.name, name);
    await assertRejects(() => feed.fetchSamples(AbortSignal.timeout(5_000)), FeedError);
  }
});

Deno.test("isFeedName() knows the feeds, and nothing else", () => {
  assertEquals(FEED_NAMES.map(isFeedName), [true, true]);
  assertEquals(["toString", "", "LIVE", undefined].map(isFeedName), [...Array(4)].map(() => false));
});
