import { assert, assertEquals } from "@std/assert";
import { measureBlock } from "../helpers/block.ts";
import { chooseLanguage } from "../../src/web/language.ts";

const LIMITS = { timeout: 60_000 };
const MAX_MS = 50;

Deno.test.each(
  [
    { header: null, lang: null, language: "en" },
    { header: "", lang: null, language: "en" },
    { header: "*", lang: null, language: "en" },
    { header: "zh-CN,zh;q=0.9,en;q=0.8", lang: null, language: "zh-CN" },
    { header: "en-GB, zh;q=0.9", lang: null, language: "en" },
    { header: "de, zh;q=0.5, en;q=0.4", lang: null, language: "zh-CN" },
    { header: "en;q=0.1, ZH-Hans ; q=0.2", lang: null, language: "zh-CN" },
    { header: "zh-TW", lang: null, language: "zh-CN" },
    { header: "zh;q=0, fr", lang: null, language: "en" },
    { header: "zh;q=2, en;q=0.1", lang: null, language: "en" },
    { header: "zhx, en-", lang: null, language: "en" },
    { header: "zh", lang: "en", language: "en" },
    { header: "en", lang: "zh-CN", language: "zh-CN" },
    { header: "en", lang: "zh-cn", language: "zh-CN" },
    { header: "zh", lang: "EN", language: "en" },
    { header: "zh", lang: "en-GB", language: "en" },
    { header: "en", lang: "zh", language: "zh-CN" },
    { header: "en", lang: "ZH_cn", language: "zh-CN" },
    { header: "en", lang: "zh-Hant-TW", language: "zh-CN" },
    { header: "zh", lang: "english", language: "zh-CN" },
    { header: "zh", lang: "fr", language: "zh-CN" },
    { header: "zh", lang: "", language: "zh-CN" },
    { header: null, lang: "constructor", language: "en" },
  ] as const,
)("chooseLanguage() chooses $language for “$header” and “$lang”", LIMITS, (row) => {
  assertEquals(chooseLanguage(row.header, row.lang), row.language);
});

Deno.test("chooseLanguage() reads the first 1,000 characters of a header", LIMITS, () => {
  const headerOf = (length: number) => `${",".repeat(length - 2)}zh`;
  assertEquals(chooseLanguage(headerOf(1_000), null), "zh-CN");
  assertEquals(chooseLanguage(headerOf(1_001), null), "en");
});

Deno.test.each([
  { what: "blanks", header: `en${" ".repeat(60_000)}x, zh` },
  { what: "commas", header: ",".repeat(60_000) },
  { what: "parameters", header: `zh${";q=0.5".repeat(10_000)}` },
  { what: "digits", header: `zh;q=0.${"0".repeat(60_000)}` },
])("chooseLanguage() needs no longer for many $what", LIMITS, async ({ header }) => {
  assert(await measureBlock(() => chooseLanguage(header, null)) < MAX_MS);
});
