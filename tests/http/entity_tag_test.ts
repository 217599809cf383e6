import { assertEquals, assertNotEquals } from "@std/assert";
import { createEntityTag, hashOf, matchesEntityTag, tagEncoding } from "../../src/http/reply.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test("createEntityTag() depends on revision and body", TIME_LIMIT, () => {
  const etag = createEntityTag("body", 7);
  assertEquals(createEntityTag(new TextEncoder().encode("body"), 7), etag);
  assertNotEquals(createEntityTag("other", 7), etag);
  assertEquals(createEntityTag("body", 8), etag.replace("7-", "8-"));
  assertEquals(createEntityTag("body"), etag.replace("7-", "0-"));
});

Deno.test.each([
  { tag: '"7-a-b_c"', hash: "a-b_c" },
  { tag: "7-abc", hash: "abc" },
  { tag: '"x-abc"', hash: '"x-abc"' },
  { tag: "2021-07-07T12:30:00.000Z", hash: "2021-07-07T12:30:00.000Z" },
  { tag: "", hash: "" },
])("hashOf() reads $hash from $tag", TIME_LIMIT, ({ tag, hash }) => {
  assertEquals(hashOf(tag), hash);
});

Deno.test.each([
  { header: '"7-a"', matches: true },
  { header: 'W/"7-a"', matches: true },
  { header: '"x",\t"7-a"', matches: true },
  { header: "*", matches: true },
  { header: '"7-a.gzip"', matches: false },
  { header: "7-a", matches: false },
  { header: '"7-a', matches: false },
  { header: "", matches: false },
])("matchesEntityTag() returns $matches for $header", TIME_LIMIT, ({ header, matches }) => {
  assertEquals(matchesEntityTag(header, '"7-a"'), matches);
});

Deno.test("tagEncoding() tells encodings apart", TIME_LIMIT, () => {
  assertEquals(tagEncoding('"7-a"', "gzip"), '"7-a.gzip"');
});
