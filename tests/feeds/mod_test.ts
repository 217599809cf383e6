import { assertEquals, assertNotStrictEquals, assertRejects } from "@std/assert";
import type { Translations } from "../../src/feeds/feed.ts";
import { METRICS } from "../../src/samples/sample.ts";
import { FEED_NAMES, loadFeed } from "../../src/feeds/mod.ts";
import { feedOptions } from "../helpers/feeds.ts";

const TIME_LIMIT = { timeout: 60_000 };

const FEEDS = FEED_NAMES.map((name) => ({ name }));

Deno.test.each(FEEDS)(
  "loadFeed() creates $name under its own name",
  TIME_LIMIT,
  async ({ name }) => {
    const feed = await loadFeed(name, feedOptions());
    assertEquals(feed.name, name);
    for (const { sources } of [feed, ...feed.backfill ? [feed.backfill] : []]) {
      const names = sources.map((source) => source.name);
      assertEquals(new Set(names).size, names.length, "names of sources must differ");
      const metrics = new Set(sources.flatMap((source) => source.metrics));
      assertEquals(METRICS.filter((metric) => !metrics.has(metric)), []);
    }
  },
);

Deno.test.each(FEEDS)(
  "loadFeed() brings $name's description in both languages",
  TIME_LIMIT,
  async ({ name }) => {
    const { title, price, sentiment } = (await loadFeed(name, feedOptions())).description;
    const texts = [price, sentiment].flatMap((text: Translations) => [text.en, text["zh-CN"]]);
    assertEquals([title.en, title["zh-CN"], ...texts].filter((text) => text.trim() === ""), []);
    assertEquals(new Set(texts).size, texts.length);
  },
);

Deno.test.each(FEEDS)(
  "loadFeed() creates $name again at each call",
  TIME_LIMIT,
  async ({ name }) => {
    const [first, second] = [
      await loadFeed(name, feedOptions()),
      await loadFeed(name, feedOptions()),
    ];
    assertNotStrictEquals(first, second);
  },
);

Deno.test.each([{ name: "toString" }, { name: "" }, { name: "LIVE" }])(
  "loadFeed() refuses the name $name",
  TIME_LIMIT,
  async ({ name }) => {
    await assertRejects(() => loadFeed(name, feedOptions()), RangeError, `got "${name}"`);
  },
);
