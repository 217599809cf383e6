import { assert, assertEquals } from "@std/assert";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import { WORDS } from "../../src/web/view.ts";

const LIMITS = { timeout: 60_000 };

const RANGE = { low: "1", high: "2", last: "3" };
const TEXTS = ["1", "2", "3", "4"];

/** Arguments that choose words are not shown themselves. */
const CHOOSING = new Set(["price", "rising", "true", "-1"]);

/** Arguments for functions that take other things than texts. */
const ARGUMENTS = new Map<string, unknown[]>([
  ["ranges", [RANGE, RANGE, "4"]],
  ["litHours", ["1", { lit: "2", known: "3", spells: "4" }]],
  ["month", ["1", "2", { spells: "3", unknown: "4" }]],
  ["reason", [[{ metric: "price", direction: "rising", amount: "1" }], true]],
  ["result", [{ duration: "1", stake: "2", switches: "3", fee: "4" }]],
  ["verdict", [-1, "2", true]],
  ["day", ["1", ["2"]]],
  ["litAt", [["1", "2"]]],
  ["unknownAt", [["1", "2"]]],
]);

/** A text of the page, and the values that it must show. */
interface Sample {
  readonly text: string;
  readonly values: readonly string[];
}

/** Samples of all words below their paths; functions are called. */
function samplesOf(words: object): Map<string, Sample> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): [string, Sample][] => {
      if (typeof value === "string") return [[key, { text: value, values: [] }]];
      if (typeof value === "function") {
        const values = ARGUMENTS.get(key) ?? TEXTS.slice(0, value.length);
        return [[`${key}/${value.length}`, { text: value(...values), values: shownOf(values) }]];
      }
      return [...samplesOf(value)].map(([path, sample]) => [`${key}.${path}`, sample]);
    }),
  );
}

function shownOf(values: unknown[]): string[] {
  return leavesOf(values).filter((value) => !CHOOSING.has(value));
}

function leavesOf(value: unknown): string[] {
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(leavesOf)
    : [String(value)];
}

Deno.test("WORDS have the same keys and kinds in every language", LIMITS, () => {
  const [first, ...others] = LANGUAGES.map((language) => [...samplesOf(WORDS[language]).keys()]);
  assert(first !== undefined && first.length > 50);
  for (const other of others) assertEquals(other, first);
});

Deno.test("WORDS are translated", LIMITS, () => {
  const english = samplesOf(WORDS.en);
  const copies = [...samplesOf(WORDS["zh-CN"])].filter(([path, { text }]) =>
    text === english.get(path)?.text
  );
  assertEquals(copies, []);
});

/** What a Chinese author writes in Latin letters, too. */
const LATIN = /\b(?:API|Atom|CSV|JSON|JavaScript|OpenAPI|README|RSS|SentiCrypt|zh-CN)\b/g;

Deno.test("WORDS use their own script", LIMITS, () => {
  for (const [path, { text }] of samplesOf(WORDS["zh-CN"])) {
    const isChinese = /[\p{Script=Han}（、：]/u.test(text);
    assert(isChinese || ["locale", "record.space"].includes(path), `${path}: ${text}`);
    assertEquals(/[a-z]/i.test(text.replaceAll(LATIN, "")), false, `${path}: ${text}`);
  }
  for (const [path, { text }] of samplesOf(WORDS.en)) {
    assertEquals(/\p{Script=Han}|[.:?!…]\p{L}/u.test(text), false, `${path}: ${text}`);
  }
});

Deno.test("WORDS use every value they are given", LIMITS, () => {
  for (const language of LANGUAGES) {
    for (const [path, { text, values }] of samplesOf(WORDS[language])) {
      for (const value of values) assert(text.includes(value), `${path}: ${text}`);
    }
  }
});
