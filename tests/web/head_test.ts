import { assertEquals, assertStringIncludes } from "@std/assert";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import type { PageView } from "../../src/web/view.ts";
import { THEME_COLORS } from "../../src/web/browser/answer.js";
import { renderPage } from "../../src/web/page.ts";
import { ASSETS, STATES, viewIn } from "./views.ts";

const LIMITS = { timeout: 60_000 };
const PUBLIC_URL = "https://lit.example";

/** The contents of the head's meta elements by their names or properties. */
function metaOf(view: PageView): Map<string, string> {
  const metas = renderPage(view).matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)">/g);
  return new Map([...metas].map(([, name = "", content = ""]) => [name, content]));
}

/** The URLs of the head's links by their `rel` and their language or type. */
function linksOf(view: PageView): Map<string, string> {
  const links = renderPage(view).matchAll(
    /<link rel="([^"]+)"(?: (?:hreflang|type)="([^"]+)")? href="([^"]+)"/g,
  );
  return new Map([...links].map(([, rel, of, url = ""]) => [of ? `${rel} ${of}` : `${rel}`, url]));
}

Deno.test("renderPage() has the state in the titles of previews", LIMITS, () => {
  const meta = metaOf(viewIn("unlit"));
  assertEquals(
    meta.get("og:title"),
    "No, last lit July 7, 2021 at 05:00 UTC · Is Bitcoin lit?",
  );
  assertEquals(
    meta.get("og:description"),
    "Sentiment fell by 0.500, so no. Last lit until July 7, 2021 at 05:00 UTC, for 3 hours. " +
      "Price rising, sentiment falling over the three hours up to July 7, 2021 at 12:30 UTC.",
  );
  assertEquals(metaOf(viewIn("stale", "zh-CN")).get("og:title"), "说不准 · 比特币火了吗？");
  assertEquals(metaOf(viewIn("stale", "zh-CN")).get("og:locale"), "zh_CN");
  assertEquals(metaOf(viewIn("single-hour")).get("og:title"), "Too early · Is Bitcoin lit?");
});

Deno.test("renderPage() previews every state with the picture that shows none", LIMITS, () => {
  for (const language of LANGUAGES) {
    for (const state of STATES) {
      const meta = metaOf({ ...viewIn(state, language), publicUrl: PUBLIC_URL });
      const url = `${PUBLIC_URL}/assets/${ASSETS.hash}/preview.${language}.png`;
      assertEquals(meta.get("og:image"), url);
      assertEquals(meta.get("twitter:card"), "summary_large_image");
    }
  }
});

Deno.test("renderPage() names its own URL in previews if it knows it", LIMITS, () => {
  const meta = metaOf({ ...viewIn("lit", "zh-CN"), publicUrl: PUBLIC_URL });
  assertEquals(meta.get("og:url"), `${PUBLIC_URL}/?lang=zh-CN`);
  const without = metaOf(viewIn("lit"));
  assertEquals(["og:url", "og:image"].map((name) => without.has(name)), [false, false]);
  assertEquals(without.get("twitter:card"), "summary");
});

Deno.test.each([
  { publicUrl: "https://lit.example/btc", base: "https://lit.example/btc/" },
  { publicUrl: "https://lit.example/btc/", base: "https://lit.example/btc/" },
])("renderPage() keeps the path of $publicUrl in absolute URLs", LIMITS, ({ publicUrl, base }) => {
  const view = { ...viewIn("lit"), publicUrl };
  assertEquals(metaOf(view).get("og:url"), base);
  assertStringIncludes(metaOf(view).get("og:image") ?? "", `${base}assets/`);
  assertEquals(linksOf(view).get("canonical"), base);
});

Deno.test("renderPage() has no absolute URL without a public one", LIMITS, () => {
  const view = viewIn("lit");
  // Search engines take no relative URL for the page in another language.
  assertEquals([...linksOf(view).keys()].filter((rel) => /canonical|alternate/.test(rel)), [
    "alternate application/atom+xml",
  ]);
  assertEquals(
    /https?:\/\//.test(renderPage(view).replace("http://www.w3.org/2000/svg", "")),
    false,
  );
});

Deno.test("renderPage() has canonical and alternate URLs", LIMITS, () => {
  const links = linksOf({ ...viewIn("lit", "zh-CN"), publicUrl: `${PUBLIC_URL}/` });
  assertEquals(links.get("canonical"), `${PUBLIC_URL}/?lang=zh-CN`);
  assertEquals(links.get("alternate x-default"), `${PUBLIC_URL}/`);
  assertEquals(links.get("alternate en"), `${PUBLIC_URL}/?lang=en`);
  assertEquals(links.get("alternate zh-CN"), `${PUBLIC_URL}/?lang=zh-CN`);
  assertEquals(
    linksOf({ ...viewIn("lit"), publicUrl: PUBLIC_URL }).get("canonical"),
    `${PUBLIC_URL}/`,
  );
  assertEquals(links.get("alternate application/atom+xml"), "feed.atom");
});

Deno.test("renderPage() has the colour of the stage as its theme colour", LIMITS, async () => {
  const styles = await Deno.readTextFile(new URL("../../src/web/theme.css", import.meta.url));
  for (const state of STATES) {
    const selector = {
      lit: '[data-state="lit"]',
      unlit: ":root",
    }[state as string] ?? '[data-state]:not([data-state$="lit"])';
    const block = styles.split(`\n${selector} {`)[1] ?? "";
    const [, light, dark = light] =
      /--stage: (?:light-dark\()?(#\w+)(?:, (#\w+)\))?;/.exec(block) ?? [];
    assertEquals(THEME_COLORS[state], { light, dark }, state);
    const colors = [...renderPage(viewIn(state)).matchAll(/name="theme-color".*content="(#\w+)"/g)];
    assertEquals(colors.map(([, color]) => color), [light, dark]);
  }
});
