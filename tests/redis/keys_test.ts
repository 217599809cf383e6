import { assertEquals } from "@std/assert";
import { type Keys, keysBelow } from "../../src/redis/keys.ts";

const LIMIT = { timeout: 60_000 };

function namesOf(keys: Keys): string[] {
  const { series, revision, cache, claims, refresh, backfilled, updates } = keys;
  const others = [revision, cache, claims.tick, claims.refresh, refresh, backfilled, updates];
  return [series.price, series.sentiment, ...others];
}

Deno.test("keysBelow() keeps the original's names for SentiCrypt", LIMIT, () => {
  assertEquals(namesOf(keysBelow("is-bitcoin-lit", "senticrypt")), [
    "is-bitcoin-lit:price:mean:30s",
    "is-bitcoin-lit:sentiment:mean:30s",
    "is-bitcoin-lit:revision",
    "is-bitcoin-lit:cache",
    "is-bitcoin-lit:claim:tick",
    "is-bitcoin-lit:claim:refresh",
    "is-bitcoin-lit:refresh",
    "is-bitcoin-lit:backfilled",
    "is-bitcoin-lit:updates",
  ]);
});

Deno.test("keysBelow() names another feed's keys below the feed", LIMIT, () => {
  assertEquals(namesOf(keysBelow("is-bitcoin-lit", "live")), [
    "is-bitcoin-lit:live:price",
    "is-bitcoin-lit:live:sentiment",
    "is-bitcoin-lit:live:revision",
    "is-bitcoin-lit:live:cache",
    "is-bitcoin-lit:live:claim:tick",
    "is-bitcoin-lit:live:claim:refresh",
    "is-bitcoin-lit:live:refresh",
    "is-bitcoin-lit:live:backfilled",
    "is-bitcoin-lit:live:updates",
  ]);
});

Deno.test("keysBelow() keeps all keys in the slot of a prefix in braces", LIMIT, () => {
  const names = ["senticrypt", "live"].flatMap((feed) => namesOf(keysBelow("{lit}", feed)));
  // Redis hashes what stands between the first pair of braces.
  assertEquals(new Set(names.map((name) => /^[^{]*\{([^}]+)\}/.exec(name)?.[1])), new Set(["lit"]));
});
