import { assertEquals, assertMatch } from "@std/assert";
import { createTestApp, STALE_AFTER_MS, SUMMARY } from "../helpers/app.ts";
import { RISING_SUMMARY } from "../helpers/samples.ts";

const TIME_LIMIT = { timeout: 60_000 };
const PATH = "/is-bitcoin-lit";

Deno.test(
  "GET /is-bitcoin-lit answers the summary as it is at this moment",
  TIME_LIMIT,
  async () => {
    const { request, answers } = createTestApp();
    const response = await request(PATH);
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "application/json");
    const answer = await response.json();
    assertEquals(answer, { ...RISING_SUMMARY, lit: true, stale: false, feed: "test" });
    assertEquals(Object.keys(answer), [
      "hourly_average_of_averages",
      "price_direction",
      "sentiment_direction",
      "lit",
      "as_of",
      "stale",
      "feed",
    ]);
    answers.now += STALE_AFTER_MS + 1;
    const later = await request(PATH);
    assertEquals(await later.json(), { ...RISING_SUMMARY, lit: false, stale: true, feed: "test" });
  },
);

Deno.test("GET /is-bitcoin-lit waits for a summary that is being loaded", TIME_LIMIT, async () => {
  const { request, answers } = createTestApp();
  answers.summary = () => Promise.resolve(SUMMARY);
  assertEquals((await request(PATH)).status, 200);
});

Deno.test(
  "GET /is-bitcoin-lit answers 304 to a client that has the answer",
  TIME_LIMIT,
  async (t) => {
    const { request } = createTestApp();
    const { headers } = await request(PATH);
    const etag = headers.get("etag") ?? "";
    assertMatch(etag, /^"7-[\w-]{22}"$/);
    for (
      const known of [etag, `W/${etag}`, `"other", W/${etag}`, `"other" , ${etag} ,`, " * ", "*"]
    ) {
      await t.step(known, async () => {
        const response = await request(PATH, { headers: { "if-none-match": known } });
        assertEquals([response.status, await response.text()], [304, ""]);
        for (const name of ["etag", "cache-control", "access-control-allow-origin", "vary"]) {
          assertEquals(response.headers.get(name), headers.get(name), name);
        }
      });
    }
  },
);

Deno.test(
  "GET /is-bitcoin-lit answers 200 to a client that has something else",
  TIME_LIMIT,
  async (t) => {
    const { request, answers } = createTestApp();
    const etag = (await request(PATH)).headers.get("etag") ?? "";
    const bare = etag.slice(1, -1);
    const others = [
      "",
      '""',
      bare,
      `w/${etag}`,
      `"${bare}`,
      `${etag}${etag}`,
      `"7-other"`,
      `W/ ${etag}`,
    ];
    for (const known of [...others, etag.replace("7-", "8-"), etag.replace("-", "-.")]) {
      await t.step(known, async () => {
        const response = await request(PATH, { headers: { "if-none-match": known } });
        assertEquals(response.status, 200);
      });
    }
    answers.now += STALE_AFTER_MS + 1;
    const stale = await request(PATH, { headers: { "if-none-match": etag } });
    assertEquals(stale.status, 200);
  },
);

Deno.test("GET /is-bitcoin-lit is not compressed", TIME_LIMIT, async () => {
  const headers = { "accept-encoding": "br, gzip" };
  const response = await createTestApp().request(PATH, { headers });
  assertEquals(response.headers.get("content-encoding"), null);
  assertEquals(response.headers.get("vary"), null);
});
