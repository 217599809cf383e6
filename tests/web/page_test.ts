import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Answer } from "../../src/core/summary.ts";
import { PAGE_HEADERS, readAsset, renderPage } from "../../src/web/mod.ts";
import { NOW, RISING_SUMMARY } from "../helpers/samples.ts";

const LIT: Answer = { ...RISING_SUMMARY, lit: true, stale: false, feed: "senticrypt" };
const UNLIT: Answer = { ...LIT, lit: false, sentiment_direction: "falling" };

const MAX_PAGE_BYTES = 8_000;

function render(answer: Answer, feed = "senticrypt"): string {
  return renderPage({ answer, feed, now: NOW + 12_000 });
}

/** What is left of markup for a reader. */
function textOf(markup: string): string {
  return markup.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

Deno.test.each([
  { state: "lit", answer: LIT, says: "Yes it’s lit." },
  { state: "unlit", answer: UNLIT, says: "No it’s not lit." },
  {
    state: "stale",
    answer: { ...LIT, lit: false, stale: true },
    says: "Can’t say the data is old.",
  },
])("renderPage() says “$says” when it is $state", ({ state, answer, says }) => {
  const page = render(answer);
  assertStringIncludes(textOf(page), says);
  assertStringIncludes(page, `data-state="${state}"`);
});

Deno.test("renderPage() says that one hour can't be compared", () => {
  const hours = RISING_SUMMARY.hourly_average_of_averages.slice(0, 1);
  assertStringIncludes(
    textOf(render({ ...UNLIT, hourly_average_of_averages: hours })),
    "only one hour of data",
  );
});

Deno.test.each(
  [
    { trouble: "no-data", says: "Not yet there is no data so far." },
    { trouble: "store-unavailable", says: "Hold on the records are out of reach." },
  ] as const,
)("renderPage() says “$says” at $trouble", ({ trouble, says }) => {
  const page = renderPage({ trouble, feed: "senticrypt", now: NOW });
  assertStringIncludes(textOf(page), says);
  assertEquals(page.includes("<table"), false);
});

Deno.test("renderPage() shows directions as words, the hours and what changed", () => {
  const text = textOf(render(UNLIT));
  assertStringIncludes(text, "Price rising");
  assertStringIncludes(text, "Sentiment falling");
  assertStringIncludes(text, "July 7, 2021, UTC");
  assertStringIncludes(text, "10:00 $34,498.00 +0.250");
  assertStringIncludes(text, "12:00 so far $34,500.00 +0.750");
  assertStringIncludes(text, "Change +$2.00 +0.500");
  assertStringIncludes(render(UNLIT), '<time datetime="2021-07-07T10:00:00.000Z">10:00</time>');
});

Deno.test("renderPage() tells how old the data is, and that it is stale", () => {
  assertStringIncludes(textOf(render(LIT)), "12 seconds ago July 7, 2021, 12:30 UTC");
  assertStringIncludes(textOf(render({ ...LIT, lit: false, stale: true })), "12 seconds ago stale");
});

Deno.test.each([
  { feed: "senticrypt", says: "SentiCrypt Sentiment is how people write about Bitcoin" },
  { feed: "live", says: "it measures positions, not words" },
])("renderPage() tells what the sentiment of $feed is", ({ feed, says }) => {
  assertStringIncludes(textOf(render(LIT, feed)), says);
});

Deno.test("renderPage() escapes the name of a feed", () => {
  const page = render(LIT, "<script>alert(1)</script>");
  assertStringIncludes(page, "&#60;script&#62;alert(1)&#60;/script&#62;");
});

Deno.test("renderPage() has landmarks, one h1, and no inline script or style", () => {
  const page = render(LIT);
  assertMatch(page.trimStart(), /^<!DOCTYPE html>\s*<html lang="en">/);
  for (const tag of ["h1", "main", "nav", "footer"]) {
    assertEquals(page.match(new RegExp(`<${tag}[ >\n]`, "g"))?.length, 1, tag);
  }
  assert(!/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/.test(page));
});

Deno.test("renderPage() links nothing but what the service serves", () => {
  const links = [...render(LIT).matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url = ""]) => url);
  const [assets, paths] = [
    links.filter((url) => url.startsWith("/assets/")),
    links.filter((url) => !url.startsWith("/assets/")),
  ];
  assertEquals(paths.map((path) => path.split("?")[0]), [
    ...["/history", "/is-bitcoin-lit", "/docs", "/openapi.json"],
  ]);
  for (const url of assets) assert(readAsset(url.slice("/assets/".length)), url);
  assert(assets.length > 2);
});

Deno.test("renderPage() is small", () => {
  const bytes = new TextEncoder().encode(render(LIT)).length;
  assert(bytes < MAX_PAGE_BYTES, `${bytes} bytes`);
});

Deno.test("PAGE_HEADERS let the page use its own origin only, and nothing inline", () => {
  const policy = PAGE_HEADERS["content-security-policy"];
  assertStringIncludes(policy, "default-src 'none'");
  assertEquals([...policy.matchAll(/'unsafe[\w-]*'|https?:|data:|\*/g)].length, 0);
});
