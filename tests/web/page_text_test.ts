import { assertEquals } from "@std/assert";
import { stateOf } from "../../src/web/browser/answer.js";
import { renderEmbed } from "../../src/web/embed.ts";
import { renderPage } from "../../src/web/page.ts";
import { WORDS } from "../../src/web/view.ts";
import { ASSETS, STATES, viewIn } from "./views.ts";

const LIMITS = { timeout: 60_000 };

/** The text of a page from top to bottom, one line per element, with its entities as they are. */
function linesOf(page: string): string[] {
  const body = page.slice(page.indexOf("<body"));
  return body.replace(/<[^>]*>/g, "\n").split("\n").map((line) => line.trim()).filter(Boolean);
}

Deno.test.each(
  [{ state: "lit", language: "en" }, { state: "unlit", language: "zh-CN" }] as const,
)(
  "renderPage() reads as the file of pages/ for $state in $language",
  LIMITS,
  async ({ state, language }) => {
    const file = new URL(`pages/${state}.${language}.txt`, import.meta.url);
    const expected = (await Deno.readTextFile(file)).trimEnd().split("\n");
    assertEquals(linesOf(renderPage(viewIn(state, language))), expected);
  },
);

Deno.test.each(
  [
    { language: "en", rising: "rising", falling: "falling", flat: "flat" },
    { language: "zh-CN", rising: "上涨 升温", falling: "下跌 降温", flat: "持平" },
  ] as const,
)("WORDS name each direction in $language", LIMITS, ({ language, ...expected }) => {
  const { price, sentiment } = WORDS[language].directions;
  for (const direction of ["rising", "falling", "flat"] as const) {
    const names = new Set([price[direction], sentiment[direction]]);
    assertEquals([...names].join(" "), expected[direction]);
  }
});

const AGAIN = "This page tries again every few seconds.";
const AGAIN_ZH = "本页面每隔几秒会自动重试。";

Deno.test.each(
  [
    { state: "lit", en: ["Yes", "it’s lit."], zh: ["火了", "比特币正在燃烧。"] },
    { state: "unlit", en: ["No", "it’s not lit."], zh: ["没火", "比特币还没烧起来。"] },
    {
      state: "single-hour",
      en: [
        "Too early",
        "one hour of data so far, two are needed.",
        "The answer will appear here by itself.",
      ],
      zh: ["待定", "目前只有一小时的数据，至少需要两小时。", "有了答案会自动显示在这里。"],
    },
    {
      state: "stale",
      en: [
        "Can’t say",
        "the data is old.",
        "It may be lit by now, or not.",
        "As of July 7, 2021 at 12:30 UTC:",
      ],
      zh: [
        "说不准",
        "数据已经过时。",
        "现在可能火了，也可能没火。",
        "截至 2021年7月7日 UTC 12:30：",
      ],
    },
    {
      state: "no-data",
      en: [
        "Hold on",
        "the first data is on its way.",
        "It should arrive within minutes, and will appear here by itself.",
      ],
      zh: ["请稍候", "第一批数据正在路上。", "应在几分钟内到达，届时会自动显示在这里。"],
    },
    {
      state: "store-unavailable",
      en: ["Hold on", "the database is away.", AGAIN],
      zh: ["请稍候", "暂时连不上数据库。", AGAIN_ZH],
    },
    {
      state: "unreachable",
      en: ["Hold on", "the service is away.", AGAIN],
      zh: ["请稍候", "暂时连不上服务。", AGAIN_ZH],
    },
  ] as const,
)("the page and the embedded answer say “$en” when $state", LIMITS, ({ state, en, zh }) => {
  for (const [language, said] of [["en", en], ["zh-CN", zh]] as const) {
    const view = viewIn(state, language);
    assertEquals(stateOf(view), state);
    const page = linesOf(renderPage(view));
    assertEquals(page.slice(3, 3 + said.length), [...said]);
    assertEquals(linesOf(renderEmbed(view)).slice(1, 3), said.slice(0, 2));
  }
});

/** A direction that is met looks as directions do; one that is not is set apart. */
const PLAIN_CLASSES = ["met"];

Deno.test("every class of the pages has a style, and every reference its id", LIMITS, () => {
  const pages = STATES.flatMap((state) => {
    const view = { ...viewIn(state), feed: "simulated", frozenFeed: true, degraded: true };
    return [renderPage(view), renderEmbed(view)];
  }).join("");
  const valuesOf = (name: string) =>
    new Set(
      [...pages.matchAll(new RegExp(` ${name}="([^"]+)"`, "g"))].flatMap(([, value = ""]) =>
        value.split(" ")
      ),
    );
  const styles = ["page.css", "embed.css"].map((name) => ASSETS.files.get(name)?.body).join("\n");
  const isStyled = (name: string) => new RegExp(`\\.${name}(?![\\w-])`).test(styles);
  assertEquals([...valuesOf("class")].filter((name) => !isStyled(name)), PLAIN_CLASSES);
  const ids = valuesOf("id");
  const named = [...valuesOf("aria-labelledby"), ...valuesOf("aria-describedby")];
  assertEquals(named.filter((id) => !ids.has(id)), []);
});
