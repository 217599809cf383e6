import { assert, assertEquals, assertNotEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { createAnswerEncoder, type EncodedAnswer } from "../../src/summary/answer.ts";
import { STALE_AFTER_MS, SUMMARY } from "../helpers/app.ts";
import { NOW } from "../helpers/samples.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** The last moment at which {@linkcode SUMMARY} is fresh. */
const FRESH_UNTIL = NOW + STALE_AFTER_MS;

/** An encoder, and a function that encodes {@linkcode SUMMARY} at a moment. */
function setUp() {
  let now = NOW;
  const clock = { now: () => now, elapsed: () => now };
  const encode = createAnswerEncoder({ feed: "test", staleAfterMs: STALE_AFTER_MS, clock });
  return (time: number, summary = SUMMARY): EncodedAnswer => {
    now = time;
    return encode(summary);
  };
}

/** How long caches may keep an answer in all, in milliseconds. */
function cachedMs({ response: { headers } }: EncodedAnswer): number {
  const text = headers.get("cache-control") ?? "";
  const seconds = [...text.matchAll(/=(\d+)/g)].map(([, count]) => Number(count));
  assertEquals(seconds.length, 3, text);
  return seconds.reduce((sum, count) => sum + count, 0) * 1_000;
}

Deno.test("createAnswerEncoder() tags an answer with its revision and a hash", TIME_LIMIT, () => {
  const encodeAt = setUp();
  const { etag, response, body } = encodeAt(NOW);
  assert(/^"7-[\w-]{22}"$/.test(etag), etag);
  assertEquals(response.headers.get("etag"), etag);
  assertEquals(body.at(-1), "\n");
  const hash = (tag: string) => tag.slice(tag.indexOf("-"));
  const next = encodeAt(NOW, { ...SUMMARY, revision: 8 });
  assertEquals(next.etag, `"8${hash(etag)}`);
  assertNotEquals(hash(encodeAt(FRESH_UNTIL + 1).etag), hash(etag));
});

Deno.test(
  "createAnswerEncoder() makes an answer stale right after its last fresh moment",
  TIME_LIMIT,
  () => {
    const encodeAt = setUp();
    // Each moment is asked for with what was encoded just before it.
    for (const offset of [-1_001, -1, 0]) {
      assertEquals(encodeAt(FRESH_UNTIL + offset).answer.stale, false, `${offset}`);
    }
    assertEquals(encodeAt(FRESH_UNTIL + 1).answer.stale, true);
    assertEquals(encodeAt(FRESH_UNTIL).answer.stale, false, "the clock stepped back");
  },
);

Deno.test("createAnswerEncoder() lets caches keep a fresh answer up to an hour", TIME_LIMIT, () => {
  let now = NOW;
  const clock = { now: () => now, elapsed: () => now };
  const encode = createAnswerEncoder({ feed: "test", staleAfterMs: 86_400_000, clock });
  const expected = "public, max-age=1, stale-while-revalidate=5, stale-if-error=3600";
  assertEquals(encode(SUMMARY).cacheControl, expected);
  now += 90_000_000;
  const stale = "public, max-age=1, stale-while-revalidate=5, stale-if-error=3594";
  assertEquals(encode(SUMMARY).cacheControl, stale);
});

Deno.test(
  "createAnswerEncoder() never lets caches keep an answer past the moment it goes stale",
  TIME_LIMIT,
  () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 40 });
    const start = fc.integer({ min: FRESH_UNTIL - 10_000, max: FRESH_UNTIL + 10 });
    fc.assert(fc.property(start, steps, (first, pauses) => {
      const encodeAt = setUp();
      let now = first;
      for (const pause of [0, ...pauses]) {
        now += pause;
        const encoded = encodeAt(now);
        assertEquals(encoded.answer.stale, now > FRESH_UNTIL);
        const limit = encoded.answer.stale ? now + 3_600_000 : FRESH_UNTIL;
        assert(now + cachedMs(encoded) <= limit, `${now - FRESH_UNTIL}: ${encoded.cacheControl}`);
      }
    }));
  },
);

Deno.test("createAnswerEncoder() rebuilds headers at most once a second", TIME_LIMIT, () => {
  const encodeAt = setUp();
  const start = FRESH_UNTIL - 60_000;
  const built = new Set<Response>();
  for (let ms = 0; ms < 10_000; ms += 50) built.add(encodeAt(start + ms).response);
  // After 1,050 ms each time.
  assertEquals(built.size, 10);
  const { cacheControl } = encodeAt(FRESH_UNTIL - 30_000);
  assertEquals(cacheControl, "public, max-age=1, stale-while-revalidate=5, stale-if-error=23");
});

Deno.test(
  "createAnswerEncoder() encodes a summary once while its answer stays the same",
  TIME_LIMIT,
  () => {
    const encodeAt = setUp();
    const first = encodeAt(NOW);
    assertStrictEquals(encodeAt(NOW + 1_000), first);
    const later = encodeAt(NOW + 500_000);
    assertStrictEquals(later.body, first.body);
    assertNotEquals(later.cacheControl, first.cacheControl);
  },
);
