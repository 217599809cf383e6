import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { FeedError } from "../../src/core/errors.ts";
import { createOkx } from "../../src/feeds/okx.ts";
import { okxAnswer } from "../helpers/live_sources.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const MINUTE_MS = 60_000;
const SETTLED = NOW - 10 * MINUTE_MS;

async function fetchAnswer(answer: unknown) {
  await using server = serveLocally(() => Response.json(answer));
  return await createOkx({ url: server.url, clock: () => NOW })
    .fetchSamples(AbortSignal.timeout(5_000));
}

Deno.test("fetchSamples() makes a ratio a number between −1 and 1", async () => {
  const ratios = ["1", "3", "0.25", "0", "1e9"];
  const buckets = ratios.map((ratio, i) => ({ time: SETTLED - (10 - i) * MINUTE_MS, ratio }));
  const { samples } = await fetchAnswer(okxAnswer(buckets));
  assertEquals(samples.map(({ value }) => value).slice(0, 4), [0, 0.5, -0.6, -1]);
  assertAlmostEquals(samples[4]?.value ?? 0, 1, 1e-8);
});

Deno.test("fetchSamples() sorts buckets and leaves out those that began less than 10 minutes ago", async () => {
  const times = [NOW - 5 * MINUTE_MS, SETTLED - 5 * MINUTE_MS, NOW, SETTLED, SETTLED + 1];
  const answer = okxAnswer(times.map((time) => ({ time, ratio: "1" })));
  assertEquals(await fetchAnswer(answer), {
    samples: [
      { metric: "sentiment", timestamp: SETTLED - 5 * MINUTE_MS, value: 0 },
      { metric: "sentiment", timestamp: SETTLED, value: 0 },
    ],
    rejected: 0,
  });
});

Deno.test("fetchSamples() offers nothing while every bucket is young", async () => {
  const answer = okxAnswer([{ time: NOW, ratio: "1" }]);
  assertEquals(await fetchAnswer(answer), { samples: [], rejected: 0 });
});

Deno.test.each([
  { fault: "nothing", row: null },
  { fault: "no ratio", row: [String(SETTLED)] },
  { fault: "a ratio in words", row: [String(SETTLED), "long"] },
  { fault: "a negative ratio", row: [String(SETTLED), "-1"] },
  { fault: "an infinite ratio", row: [String(SETTLED), "1e999"] },
  { fault: "a time in words", row: ["now", "1"] },
  { fault: "a time in seconds", row: [String(SETTLED / 1_000), "1"] },
  { fault: "a time more than 5 minutes ahead", row: [String(NOW + 5 * MINUTE_MS + 1), "1"] },
])("fetchSamples() rejects a bucket with $fault and keeps its neighbour", async ({ row }) => {
  const { samples, rejected } = await fetchAnswer({
    ...{ code: "0", msg: "", data: [[String(SETTLED), "2.45"], row] },
  });
  assertEquals([samples.length, rejected], [1, 1]);
});

Deno.test("fetchSamples() gives ascending, bounded, settled samples of any buckets", async () => {
  const bucket = fc.record({
    time: fc.integer({ min: 0, max: 600 }).map((minutes) => NOW - minutes * MINUTE_MS),
    ratio: fc.double({ min: 0, max: 1e6, noNaN: true }).map((ratio) => ratio.toFixed(4)),
  });
  await using server = serveLocally((request) => request.text().then(() => Response.json(answer)));
  let answer: unknown;
  const okx = createOkx({ url: server.url, clock: () => NOW });
  await fc.assert(
    fc.asyncProperty(fc.array(bucket, { minLength: 1, maxLength: 20 }), async (buckets) => {
      answer = okxAnswer(buckets);
      const { samples } = await okx.fetchSamples(AbortSignal.timeout(5_000));
      const times = buckets.map(({ time }) => time).filter((time) => time <= SETTLED);
      assertEquals(samples.map(({ timestamp }) => timestamp), times.sort((a, b) => a - b));
      assertEquals(samples.filter(({ value }) => value < -1 || value > 1), []);
    }),
    { numRuns: 50 },
  );
});

Deno.test.each([
  { answer: "an array", body: [] },
  { answer: "no code", body: { data: [[String(SETTLED), "1"]] } },
  { answer: "no rows", body: { code: "0", msg: "" } },
  { answer: "an empty list", body: { code: "0", msg: "", data: [] } },
  { answer: "no valid bucket", body: { code: "0", msg: "", data: [["now", "1"]] } },
])("fetchSamples() calls $answer invalid", async ({ body }) => {
  const { fault } = await assertRejects(() => fetchAnswer(body), FeedError);
  assertEquals(fault, "invalid");
});

Deno.test.each([
  { code: "51000", retryAfterMs: undefined },
  { code: "50011", retryAfterMs: 60_000 },
])(
  "fetchSamples() calls code $code with status 200 unavailable",
  async ({ code, retryAfterMs }) => {
    const answer = { code, msg: "what is wrong" };
    const error = await assertRejects(() => fetchAnswer(answer), FeedError);
    assertEquals([error.fault, error.retryAfterMs], ["unavailable", retryAfterMs]);
    assertEquals((error.cause as Error).message, `${code} what is wrong`);
    assertEquals(error.message.includes("what is wrong"), false);
  },
);
