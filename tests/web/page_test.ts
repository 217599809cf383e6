import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { PageView } from "../../src/web/view.ts";
import type { Answer } from "../../src/summary/wire.ts";
import { PAGE_HEADERS, renderPage } from "../../src/web/page.ts";
import { ASSETS, LIT, STATES, UNLIT, viewIn, viewOf } from "./views.ts";

const LIMITS = { timeout: 60_000 };

/** The text of markup as readers see it. */
function textOf(markup: string): string {
  return markup.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

function renderText(answer: Answer, options: Partial<PageView> = {}): string {
  return textOf(renderPage({ ...viewOf({ answer }), ...options }));
}

Deno.test.each(
  [
    { state: "lit", language: "en", says: "Yes it’s lit." },
    { state: "unlit", language: "en", says: "No it’s not lit." },
    { state: "single-hour", language: "en", says: "Too early one hour of data so far" },
    { state: "stale", language: "en", says: "Can’t say the data is old." },
    { state: "no-data", language: "en", says: "Hold on the first data is on its way." },
    { state: "store-unavailable", language: "en", says: "Hold on the database is away." },
    { state: "lit", language: "zh-CN", says: "火了 比特币正在燃烧。" },
    { state: "stale", language: "zh-CN", says: "说不准 数据已经过时。" },
  ] as const,
)("renderPage() says “$says” in the state $state", LIMITS, ({ state, language, says }) => {
  const page = renderPage(viewIn(state, language));
  assertStringIncludes(textOf(page), says);
  assertStringIncludes(page, `data-state="${state}"`);
  assertStringIncludes(page, `<html lang="${language}">`);
  assertEquals(page.includes("<table"), !/no-data|unavailable/.test(state));
});

Deno.test("renderPage() shows directions as words, the hours and the change", LIMITS, () => {
  const text = renderText(UNLIT);
  assertStringIncludes(text, "Price rising");
  assertStringIncludes(text, "Sentiment falling");
  assertStringIncludes(text, "July 7, 2021, UTC");
  assertStringIncludes(text, "10:00 $34,498.00 +0.250");
  assertStringIncludes(text, "12:00 $34,500.00 +0.750");
  assertStringIncludes(text, "Change +$2.00 +0.500");
});

Deno.test("renderPage() shows a change that is the difference of the figures", LIMITS, () => {
  const hours = [
    { time: "2021-07-07T10:00:00.000Z", price: 34_498, sentiment: 0.3185 },
    { time: "2021-07-07T12:00:00.000Z", price: 34_500, sentiment: 0.4184 },
  ];
  const text = renderText({ ...LIT, hourly_average_of_averages: hours });
  assertStringIncludes(text, "+0.319");
  assertStringIncludes(text, "+0.418");
  assertStringIncludes(text, "Change +$2.00 +0.099");
});

Deno.test("renderPage() shows no direction and no change for a single hour", LIMITS, () => {
  const text = textOf(renderPage(viewIn("single-hour")));
  assertEquals(/flat|Change|\$0\.00/.test(text), false);
  assertStringIncludes(text, "10:00 $34,498.00 +0.250");
});

Deno.test("renderPage() shows the time of the data, and that it is stale", LIMITS, () => {
  assertStringIncludes(renderText(LIT), "Newest data July 7, 2021, 12:30 UTC");
  assertStringIncludes(textOf(renderPage(viewIn("stale"))), "July 7, 2021, 12:30 UTC stale");
  assertStringIncludes(
    textOf(renderPage(viewIn("stale", "zh-CN"))),
    "2021年7月7日 12:30（UTC） 已过时",
  );
});

Deno.test("renderPage() carries no clock: a cache may keep the page", LIMITS, () => {
  for (const state of STATES) {
    assertEquals(
      / ago | so far \$|Today Bitcoin|last \d+ days|just now/i.exec(
        textOf(renderPage(viewIn(state))),
      ),
      null,
    );
  }
  assertStringIncludes(
    textOf(renderPage(viewIn("lit"))),
    "In the 30 days up to July 7, 2021 at 12:00 UTC",
  );
});

Deno.test("renderPage() explains a frozen feed, but only if its data is stale", LIMITS, () => {
  const frozen = "no longer updates this public feed";
  assertStringIncludes(textOf(renderPage({ ...viewIn("stale"), frozenFeed: true })), frozen);
  assertEquals(textOf(renderPage(viewIn("stale"))).includes(frozen), false);
  assertEquals(renderText(LIT, { frozenFeed: true }).includes(frozen), false);
  // The browser explains it, too, when the data goes stale later.
  assertStringIncludes(renderPage({ ...viewIn("lit"), frozenFeed: true }), 'data-frozen="true"');
  assertStringIncludes(renderPage(viewIn("lit")), 'data-frozen="false"');
});

Deno.test("renderPage() says that sources are away, but only if some are", LIMITS, () => {
  assertStringIncludes(renderText(LIT, { degraded: true }), "sources are away now");
  assertEquals(renderText(LIT).includes("sources are away now"), false);
});

Deno.test("renderPage() says that the data is simulated, but only if it is", LIMITS, () => {
  assertStringIncludes(renderText(LIT, { feed: "simulated" }), "Simulated data");
  assertEquals(renderText(LIT).includes("Simulated"), false);
});

Deno.test("renderPage() describes the feed in the page's language", LIMITS, () => {
  assertStringIncludes(renderText(LIT), "Test markets The price is made up for a test.");
  assertStringIncludes(
    renderText(LIT),
    "and the data is fresh. Sentiment is measured by a test. Did the signal",
  );
  assertStringIncludes(
    renderText(LIT, { language: "zh-CN" }),
    "测试市场 价格为测试而编。",
  );
});

Deno.test("renderPage() shows the track record, or says why there is none", LIMITS, () => {
  assertStringIncludes(
    textOf(renderPage(viewIn("lit"))),
    "Bitcoin was lit 8 of 710 known hours, in 2 spells.",
  );
  assertStringIncludes(textOf(renderPage(viewIn("no-data"))), "There is no completed hour");
  for (const view of [viewIn("store-unavailable"), { ...viewIn("lit"), record: undefined }]) {
    assertStringIncludes(textOf(renderPage(view)), "The past hours can’t be read right now.");
  }
  assertStringIncludes(
    textOf(renderPage(viewIn("lit", "zh-CN"))),
    "比特币有 8 个小时处于“火了”状态，共 2 段",
  );
});

Deno.test("renderPage() escapes what describes a feed", LIMITS, () => {
  const view = viewIn("lit");
  const title = { "en": "<script>alert(1)</script>", "zh-CN": "" };
  const description = { ...view.description, title };
  const page = renderPage({ ...view, description });
  assertStringIncludes(page, "&#60;script&#62;alert(1)&#60;/script&#62;");
});

Deno.test("renderPage() has a switch that marks the page's language", LIMITS, () => {
  const page = renderPage(viewIn("lit", "zh-CN"));
  assertMatch(page, /href="\.\/\?lang=en" lang="en" hreflang="en" aria-current="false">\s*English/);
  assertMatch(page, /hreflang="zh-CN" aria-current="true">\s*简体中文/);
});

Deno.test("renderPage() has landmarks, one h1, and no inline script or style", LIMITS, () => {
  const page = renderPage(viewIn("lit"));
  assertMatch(page, /^<!DOCTYPE html>\s*<html lang="en">/);
  for (const tag of ["h1", "main", "footer", "header"]) {
    assertEquals(page.match(new RegExp(`<${tag}[ >\n]`, "g"))?.length, 1, tag);
  }
  assert(!/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/.test(page));
});

Deno.test("renderPage() has the places that its script fills, by their ids", LIMITS, () => {
  const ids = [...renderPage(viewIn("lit")).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(ids, [
    "answer",
    "reason",
    "hours-title",
    "hours",
    ...["chart-title", "chart-drawn", "chart", "chart-help", "chart-text"],
    ...["record-title", "record", "record-days", "month"],
    ...["payoff-title", "payoff"],
    ...["payoff-chart-drawn", "payoff-chart", "payoff-chart-help", "payoff-chart-text"],
    ...["use-title", "embed", "snippet", "badge-snippet", "copied"],
    ...["about", "about-title", "age", "updates"],
  ]);
});

Deno.test("renderPage() hides the chart of the pay-off while there is none", LIMITS, () => {
  const hiddenOf = (view: PageView) =>
    [...renderPage(view).matchAll(/<div id="([\w-]+)"\s+hidden>/g)].map(([, id]) => id);
  const { record, ...lit } = viewIn("lit");
  assertEquals(hiddenOf({ ...lit, record }), []);
  assertEquals(hiddenOf(lit), ["payoff-chart-drawn"]);
  assertEquals(hiddenOf({ ...lit, record: record && { ...record, payoff: null } }), [
    "payoff-chart-drawn",
  ]);
});

Deno.test.each([
  { maxHours: 1, spans: ["24h"] },
  { maxHours: 167, spans: ["24h"] },
  { maxHours: 168, spans: ["24h", "7d"] },
  { maxHours: 720, spans: ["24h", "7d", "30d"] },
])("renderPage() offers the spans $spans of $maxHours hours", LIMITS, ({ maxHours, spans }) => {
  const page = renderPage({ ...viewIn("lit"), maxHours });
  const inputs = [
    ...page.matchAll(/<input type="radio" name="span" value="(\w+)"[^>]*?( checked)?>/g),
  ];
  assertEquals(inputs.map(([, value]) => value), spans);
  assertEquals(inputs.map(([, , checked]) => checked !== undefined), spans.map((_, i) => i === 0));
});

Deno.test(
  "renderPage() announces answers and updates, and draws for sighted readers",
  LIMITS,
  () => {
    const page = renderPage(viewIn("lit"));
    for (
      const part of [
        '<body data-state="lit" data-revision="1"',
        '<div id="answer" aria-live="polite" aria-atomic="true">',
        '<p id="updates" role="status">',
        '<p id="copied" class="hidden" role="status">',
        '<div id="chart" class="plot" role="slider" tabindex="0" aria-label="Price and sentiment"\n' +
        'aria-describedby="chart-text chart-help" aria-valuemin="0" aria-valuemax="0"\naria-valuenow="0">',
        '<nav class="languages" aria-label="Language">',
        'data-copy="badge-snippet" aria-describedby="badge-snippet">',
      ]
    ) {
      assertStringIncludes(page, part);
    }
  },
);

Deno.test("renderPage() links only what the service serves", LIMITS, () => {
  const links = STATES.flatMap((state) => [
    ...renderPage(viewIn(state)).matchAll(/(?:href|src)="([^"]*)"/g),
  ]).map(([, url = ""]) => url.split("?")[0] ?? "");
  const paths = new Set(links.filter((url) => !url.startsWith("assets/")));
  assertEquals([...paths].sort(), [
    "#about",
    "./",
    "badge.svg",
    "docs",
    "embed",
    "feed.atom",
    "history",
    "history.csv",
    "is-bitcoin-lit",
    "lit.txt",
    "manifest.webmanifest",
    "openapi.json",
  ]);
  const assets = links.filter((url) => url.startsWith("assets/"));
  for (const url of assets) assert(ASSETS.files.has(url.replace(/^assets\/\w+\//, "")), url);
  assert(assets.length > 2);
});

Deno.test("renderPage() writes absolute URLs into the embed code if it can", LIMITS, () => {
  const code = (publicUrl?: string) =>
    /<code id="snippet">(.*?)<\/code>/.exec(renderPage({ ...viewIn("lit"), publicUrl }))?.[1];
  assertStringIncludes(code() ?? "", "src=&#34;embed?lang=en&#34;");
  assertStringIncludes(
    code("https://lit.example/") ?? "",
    "src=&#34;https://lit.example/embed?lang=en&#34;",
  );
});

Deno.test("PAGE_HEADERS allow only the page's own origin, and nothing inline", LIMITS, () => {
  const policy = PAGE_HEADERS["content-security-policy"];
  assertStringIncludes(policy, "default-src 'none'");
  assertStringIncludes(policy, "frame-ancestors 'none'");
  assertEquals([...policy.matchAll(/'unsafe[\w-]*'|https?:|data:|\*/g)].length, 0);
});
