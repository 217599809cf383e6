import { assertEquals } from "@std/assert";
import { LruMap } from "../../src/samples/lru_map.ts";

const TIME_LIMIT = { timeout: 60_000 };

function keysOf(map: LruMap<string, number>): string[] {
  return ["a", "b", "c"].filter((key) => map.get(key) !== undefined);
}

Deno.test("LruMap.set() forgets the entry that was not used for longest", TIME_LIMIT, () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assertEquals(map.get("a"), 1);
  map.set("c", 3);
  assertEquals(keysOf(map), ["a", "c"]);
});

Deno.test("LruMap.forget() keeps a value that has been replaced", TIME_LIMIT, () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("a", 2);
  map.forget("a", 1);
  assertEquals(map.get("a"), 2);
  map.forget("a", 2);
  assertEquals(map.get("a"), undefined);
});

Deno.test("LruMap.clear() forgets everything", TIME_LIMIT, () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.clear();
  assertEquals(keysOf(map), []);
});
