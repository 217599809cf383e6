import type { ByteString } from "./byte_string.ts";

const TOKEN = /\\(?<escaped>[^])|\[(?<not>\^?)(?<set>(?:\\[^]|[^\\\]])*)(?:\]|$)|(?<other>[^])/g;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/** Returns a test for a pattern as `KEYS` reads it: `*`, `?`, `[a-c]`, `[^a]`, `\` before a character. */
export function globMatcher(pattern: ByteString): (name: ByteString) => boolean {
  let source = "";
  for (const { groups = {} } of pattern.matchAll(TOKEN)) {
    const { escaped, not = "", set, other = "" } = groups;
    if (set !== undefined) source += setSource(not, set);
    else if (escaped !== undefined) source += escaped.replace(SPECIAL, "\\$&");
    else if (other === "*") source += "[^]*";
    else source += other === "?" ? "[^]" : other.replace(SPECIAL, "\\$&");
  }
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}

function setSource(not: string, set: string): string {
  let source = "";
  for (const [, from = "", to] of set.matchAll(/(\\[^]|[^])(?:-(\\[^]|[^]))?/g)) {
    const [low = "", high = low] = [from, to ?? from].map((word) => word.at(-1) ?? "").sort();
    source += `${low.replace(SPECIAL, "\\$&")}-${high.replace(SPECIAL, "\\$&")}`;
  }
  return `[${not}${source}]`;
}
