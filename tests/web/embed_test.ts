import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EMBED_HEADERS, renderEmbed } from "../../src/web/embed.ts";
import { PAGE_HEADERS } from "../../src/web/page.ts";
import { ASSETS, STATES, viewIn } from "./views.ts";

const LIMITS = { timeout: 60_000 };

Deno.test("renderEmbed() shows the answer and the directions", LIMITS, () => {
  const text = renderEmbed(viewIn("unlit")).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  assertStringIncludes(text, "Is Bitcoin lit? No it’s not lit. Price rising Sentiment falling");
});

Deno.test("renderEmbed() shows no directions of data that is old", LIMITS, () => {
  const text = renderEmbed(viewIn("stale")).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  assert(text.endsWith("Is Bitcoin lit? Can’t say the data is old."), text);
});

Deno.test(
  "renderEmbed() has the answer in its title, and no time of which it does not know",
  LIMITS,
  () => {
    for (
      const [state, title] of [["lit", "Yes"], ["unlit", "No"], ["stale", "Can’t say"]] as const
    ) {
      assertStringIncludes(renderEmbed(viewIn(state)), `<title>${title} · Is Bitcoin lit?</title>`);
    }
  },
);

Deno.test("renderEmbed() speaks the language of its view", LIMITS, () => {
  const page = renderEmbed(viewIn("lit", "zh-CN"));
  assertStringIncludes(page, `<html lang="zh-CN">`);
  assertStringIncludes(page, "火了");
  assertStringIncludes(page, "/embed.zh-CN.js");
});

Deno.test("renderEmbed() links the page, absolutely if it can", LIMITS, () => {
  assertStringIncludes(renderEmbed(viewIn("lit")), `href="./?lang=en" target="_blank"`);
  const page = renderEmbed({ ...viewIn("lit"), publicUrl: "https://lit.example" });
  assertStringIncludes(page, `href="https://lit.example/?lang=en" target="_blank"`);
});

Deno.test("renderEmbed() has nothing inline and loads only assets that exist", LIMITS, () => {
  for (const state of STATES) {
    const page = renderEmbed(viewIn(state));
    assert(!/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/.test(page));
    const urls = [...page.matchAll(/(?:href|src)="assets\/(\w+)\/([^"]*)"/g)];
    assert(urls.length >= 3);
    for (const [, hash, name = ""] of urls) {
      assertEquals(hash, ASSETS.hash);
      assert(ASSETS.files.has(name), name);
    }
  }
});

Deno.test(
  "EMBED_HEADERS let any page frame the answer, also one that requires COEP",
  LIMITS,
  () => {
    const { "content-security-policy": policy, ...others } = EMBED_HEADERS;
    const { "content-security-policy": pagePolicy, ...pageOthers } = PAGE_HEADERS;
    assertEquals(policy, pagePolicy.replace("frame-ancestors 'none'", "frame-ancestors *"));
    assertEquals(others, { ...pageOthers, "cross-origin-embedder-policy": "require-corp" });
  },
);
