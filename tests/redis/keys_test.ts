import { assertEquals } from "@std/assert";
import { type Keys, keysBelow } from "../../src/redis/keys.ts";

function namesOf({ series, cache, claim, updates }: Keys): string[] {
  return [series.price, series.sentiment, cache, claim("fill"), updates];
}

Deno.test("keysBelow() keeps the original's names for SentiCrypt", () => {
  assertEquals(namesOf(keysBelow("is-bitcoin-lit", "senticrypt")), [
    "is-bitcoin-lit:price:mean:30s",
    "is-bitcoin-lit:sentiment:mean:30s",
    "is-bitcoin-lit:cache",
    "is-bitcoin-lit:claim:fill",
    "is-bitcoin-lit:updates",
  ]);
});

Deno.test("keysBelow() names another feed's keys below the feed", () => {
  assertEquals(namesOf(keysBelow("is-bitcoin-lit", "live")), [
    "is-bitcoin-lit:live:price",
    "is-bitcoin-lit:live:sentiment",
    "is-bitcoin-lit:live:cache",
    "is-bitcoin-lit:live:claim:fill",
    "is-bitcoin-lit:live:updates",
  ]);
});

Deno.test("keysBelow() keeps all keys of all feeds in the slot of a prefix in braces", () => {
  const names = ["senticrypt", "live"].flatMap((feed) => namesOf(keysBelow("{lit}", feed)));
  // Redis hashes what stands between the first pair of braces.
  assertEquals(new Set(names.map((name) => /^[^{]*\{([^}]+)\}/.exec(name)?.[1])), new Set(["lit"]));
});
