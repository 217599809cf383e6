import { assert, assertEquals } from "@std/assert";
import { LANGUAGES } from "../../src/core/language.ts";
import { WORDS } from "../../src/web/context.ts";

const LIMITS = { timeout: 5_000 };

const RANGE = { low: "1", high: "2", last: "3" };

/** All texts below their paths; functions are called, and their paths have the number of parameters. */
function textsOf(words: object): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): [string, string][] => {
      if (typeof value === "string") return [[key, value]];
      if (typeof value === "function") {
        const values = key === "ranges" ? [RANGE, RANGE] : ["1", "2", "3"].slice(0, value.length);
        return [[`${key}/${value.length}`, value(...values)]];
      }
      return [...textsOf(value)].map(([path, text]) => [`${key}.${path}`, text]);
    }),
  );
}

Deno.test("WORDS have the same keys and kinds in every language", LIMITS, () => {
  const [first, ...others] = LANGUAGES.map((language) => [...textsOf(WORDS[language]).keys()]);
  assert(first !== undefined && first.length > 50);
  for (const other of others) assertEquals(other, first);
});

Deno.test("WORDS are translated", LIMITS, () => {
  const english = textsOf(WORDS.en);
  const copies = [...textsOf(WORDS["zh-CN"])].filter(([path, text]) => text === english.get(path));
  assertEquals(copies, []);
});

Deno.test("WORDS use their own script", LIMITS, () => {
  for (const [path, text] of textsOf(WORDS["zh-CN"])) {
    assert(/[\p{Script=Han}（]/u.test(text) || path === "locale", `${path}: ${text}`);
  }
  for (const [path, text] of textsOf(WORDS.en)) {
    assertEquals(/\p{Script=Han}/u.test(text), false, `${path}: ${text}`);
  }
});

Deno.test("WORDS use every value they are given", LIMITS, () => {
  for (const language of LANGUAGES) {
    for (const [path, text] of textsOf(WORDS[language])) {
      const count = Number(/\/(\d)$/.exec(path)?.[1] ?? 0);
      for (const value of ["1", "2", "3"].slice(0, count)) assert(text.includes(value), path);
    }
  }
});
