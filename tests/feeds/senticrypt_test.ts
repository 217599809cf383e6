import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { createSentiCrypt, createSimulated } from "../../src/feeds/senticrypt.ts";
import { feedOptions, fetchBatch, onlySource } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2021, 6, 7, 18);
const SECONDS = NOW / 1_000;
const ROW = { timestamp: SECONDS - 60.5, btc_price: "34500.25", mean: 0.2, count: 7, rate: 0 };
const TIME_LIMIT = { timeout: 60_000 };

async function fetchAnswer(answer: unknown) {
  await using server = serveLocally(() => Response.json(answer));
  const feed = createSentiCrypt(feedOptions({ sentimentApiUrl: server.url, now: () => NOW }));
  return await onlySource(feed).fetchSamples(AbortSignal.timeout(30_000));
}

Deno.test(
  "fetchSamples() returns two samples per row and truncates its time to milliseconds",
  TIME_LIMIT,
  async () => {
    const row = { ...ROW, timestamp: 1625592626.3452034 };
    assertEquals(await fetchAnswer([row]), {
      samples: [
        { metric: "price", timestamp: 1625592626345, value: 34500.25 },
        { metric: "sentiment", timestamp: 1625592626345, value: 0.2 },
      ],
      rejected: 0,
    });
  },
);

Deno.test("fetchSamples() reads a price that is a number", TIME_LIMIT, async () => {
  const { samples } = await fetchAnswer([{ ...ROW, btc_price: 34500.25 }]);
  assertEquals(samples[0]?.value, 34500.25);
});

Deno.test.each([
  { fault: "no object", row: 7 },
  { fault: "nothing", row: null },
  { fault: "no price", row: { ...ROW, btc_price: undefined } },
  { fault: "an empty price", row: { ...ROW, btc_price: "" } },
  { fault: "a price in words", row: { ...ROW, btc_price: "high" } },
  { fault: "a hexadecimal price", row: { ...ROW, btc_price: "0x10" } },
  { fault: "a price of zero", row: { ...ROW, btc_price: "0" } },
  { fault: "a negative price", row: { ...ROW, btc_price: -1 } },
  { fault: "an infinite price", row: { ...ROW, btc_price: "1e999" } },
  { fault: "a price of 1e300", row: { ...ROW, btc_price: "1e300" } },
  { fault: "no sentiment", row: { ...ROW, mean: null } },
  { fault: "sentiment above 1", row: { ...ROW, mean: 1.01 } },
  { fault: "sentiment below −1", row: { ...ROW, mean: -1.01 } },
  { fault: "a time in words", row: { ...ROW, timestamp: "now" } },
  { fault: "a time before 2009", row: { ...ROW, timestamp: 1230767999 } },
  { fault: "a time in milliseconds", row: { ...ROW, timestamp: NOW } },
  { fault: "a time more than 5 minutes ahead", row: { ...ROW, timestamp: SECONDS + 300.001 } },
])(
  "fetchSamples() rejects a row with $fault and keeps its neighbour",
  TIME_LIMIT,
  async ({ row }) => {
    const { samples, rejected } = await fetchAnswer([row, ROW]);
    assertEquals([samples.length, rejected], [2, 2]);
  },
);

Deno.test("fetchSamples() reads a row that is 5 minutes ahead", TIME_LIMIT, async () => {
  const { rejected } = await fetchAnswer([{ ...ROW, timestamp: SECONDS + 300 }]);
  assertEquals(rejected, 0);
});

Deno.test.each([
  { answer: "an object", body: {} },
  { answer: "no row", body: [] },
  { answer: "no valid row", body: [{ timestamp: 1 }] },
])("fetchSamples() calls $answer invalid", TIME_LIMIT, async ({ body }) => {
  const { fault } = await assertRejects(() => fetchAnswer(body), FeedError);
  assertEquals(fault, "invalid");
});

Deno.test.each([
  { title: "SentiCrypt", create: createSentiCrypt },
  { title: "Simulated", create: createSimulated },
])("combine() passes on what $title answered", TIME_LIMIT, async ({ title, create }) => {
  await using server = serveLocally(() => Response.json([ROW, null]));
  const feed = create(feedOptions({ sentimentApiUrl: server.url, now: () => NOW }));
  const { samples, ...rest } = await fetchBatch(feed, NOW);
  assertEquals([samples.map(({ value }) => value), rest], [[34500.25, 0.2], { rejected: 2 }]);
  const source = onlySource(feed);
  assertEquals([feed.description.title.en, source.name], [title, feed.name]);
  assertEquals(source.metrics, ["price", "sentiment"]);
});

Deno.test("createSimulated() says that its data is invented", TIME_LIMIT, () => {
  const { price, sentiment } = createSimulated(feedOptions()).description;
  assertEquals([price.en, sentiment.en].map((text) => text.includes("invented")), [true, true]);
});
