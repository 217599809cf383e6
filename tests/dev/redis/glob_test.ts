import { assertEquals } from "@std/assert";
import { globMatcher } from "../../../dev/redis/glob.ts";

const OPTIONS = { timeout: 60_000 };

/** Patterns with the names among `NAMES` that a real server finds. */
const PATTERNS: [pattern: string, found: string][] = [
  ["*", "a ab abc a.c a*c b] ^"],
  ["a", "a"],
  ["a?c", "abc a.c a*c"],
  ["a.c", "a.c"],
  ["a\\*c", "a*c"],
  ["*b*", "ab abc b]"],
  ["[ab]", "a"],
  ["a[a-c]c", "abc"],
  ["a[c-a]c", "abc"],
  ["a[^b]c", "a.c a*c"],
  ["[b]\\]", "b]"],
  ["[\\^]", "^"],
  ["[a", "a"],
  ["", ""],
];
const NAMES = ["a", "ab", "abc", "a.c", "a*c", "b]", "^"];

Deno.test.each(PATTERNS)("globMatcher() finds by %s: %s", OPTIONS, (pattern, found) => {
  assertEquals(NAMES.filter(globMatcher(pattern)).join(" "), found);
});
