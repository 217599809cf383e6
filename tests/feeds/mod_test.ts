import { assertEquals, assertMatch, assertNotStrictEquals, assertRejects } from "@std/assert";
import type { Source, Translations } from "../../src/feeds/feed.ts";
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

Deno.test.each([
  { name: "live", en: "Several exchanges", zh: "多家交易所" },
  { name: "senticrypt", en: "SentiCrypt", zh: "SentiCrypt" },
  { name: "simulated", en: "Simulated", zh: "模拟数据" },
])("loadFeed() titles $name $en, and describes it in sentences", TIME_LIMIT, async (row) => {
  const { title, price, sentiment } = (await loadFeed(row.name, feedOptions())).description;
  assertEquals([title.en, title["zh-CN"]], [row.en, row.zh]);
  for (const text of [price, sentiment]) {
    assertMatch(text.en, /^[A-Z].*[^.]\.$/);
    assertMatch(text["zh-CN"], /^\p{Script=Han}.*。$/u);
  }
});

Deno.test.each([
  {
    name: "live",
    sources: "kraken price, coinbase price, bitstamp price, okx sentiment",
    backfill: "kraken price, bitstamp price, okx sentiment",
    reserve: "bybit sentiment",
  },
  { name: "senticrypt", sources: "senticrypt price sentiment", backfill: "", reserve: "" },
  {
    name: "simulated",
    sources: "simulated price sentiment",
    backfill: "simulated price sentiment",
    reserve: "",
  },
])("loadFeed() gives $name the sources $sources", TIME_LIMIT, async (row) => {
  const { sources, backfill, reserve } = await loadFeed(row.name, feedOptions());
  const describe = (sources: readonly Source[] = []) =>
    sources.map(({ name, metrics }) => `${name} ${metrics.join(" ")}`).join(", ");
  assertEquals({
    name: row.name,
    sources: describe(sources),
    backfill: describe(backfill?.sources),
    reserve: describe(reserve && [reserve.source]),
  }, row);
  assertEquals(reserve?.storedMs, row.reserve === "" ? undefined : 25 * 3_600_000);
  assertEquals(reserve?.metric, row.reserve === "" ? undefined : "sentiment");
});
