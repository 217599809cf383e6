import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { FeedError } from "../../src/feeds/errors.ts";
import { createOkx, type OkxAddress } from "../../src/feeds/okx.ts";
import { okxAnswer } from "../helpers/exchange_answers.ts";
import { NOWHERE } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const MINUTE_MS = 60_000;
const SETTLED = NOW - 10 * MINUTE_MS;
const TIME_LIMIT = { timeout: 60_000 };

function okxAt(urls: readonly string[], period: OkxAddress["period"] = "5m") {
  const okx = createOkx({ urls, period }, { now: () => NOW });
  return { ...okx, fetch: () => okx.fetchSamples(AbortSignal.timeout(30_000)) };
}

async function fetchAnswer(answer: unknown, period?: OkxAddress["period"]) {
  await using server = serveLocally(() => Response.json(answer));
  return await okxAt([server.url], period).fetch();
}

Deno.test("fetchSamples() maps OKX's ratio to a number between −1 and 1", TIME_LIMIT, async () => {
  const ratios = ["1", "3", "0.25", "0", "1e9"];
  const buckets = ratios.map((ratio, i) => ({ time: SETTLED - (10 - i) * MINUTE_MS, ratio }));
  const { samples } = await fetchAnswer(okxAnswer(buckets));
  assertEquals(samples.map(({ value }) => value).slice(0, 4), [0, 0.5, -0.6, -1]);
  assertAlmostEquals(samples[4]?.value ?? 0, 1, 1e-8);
});

Deno.test.each(
  [
    { period: "5m", settledAfterMs: 10 * MINUTE_MS },
    { period: "1H", settledAfterMs: 65 * MINUTE_MS },
  ] as const,
)(
  "fetchSamples() sorts OKX's buckets of $period and leaves out those that can still change",
  TIME_LIMIT,
  async ({ period, settledAfterMs }) => {
    const settled = NOW - settledAfterMs;
    const times = [NOW - MINUTE_MS, settled - 5 * MINUTE_MS, NOW, settled, settled + 1];
    const answer = okxAnswer(times.map((time) => ({ time, ratio: "1" })));
    assertEquals(await fetchAnswer(answer, period), {
      samples: [
        { metric: "sentiment", timestamp: settled - 5 * MINUTE_MS, value: 0 },
        { metric: "sentiment", timestamp: settled, value: 0 },
      ],
      rejected: 0,
    });
  },
);

Deno.test(
  "fetchSamples() leaves out a bucket that is open by OKX's late clock",
  TIME_LIMIT,
  async () => {
    const date = new Date(NOW - 755_000).toUTCString();
    const open = NOW - 13 * MINUTE_MS;
    const buckets = [open, open - 5 * MINUTE_MS, open - 10 * MINUTE_MS];
    const answer = okxAnswer(buckets.map((time) => ({ time, ratio: "1" })));
    await using server = serveLocally(() => Response.json(answer, { headers: { date } }));
    const { samples } = await okxAt([server.url]).fetch();
    assertEquals(samples.map(({ timestamp }) => timestamp), buckets.slice(2));
  },
);

Deno.test.each([
  { answer: "the code 50001", respond: () => Response.json({ code: "50001", msg: "" }) },
  { answer: "the code 50013", respond: () => Response.json({ code: "50013", msg: "busy" }) },
  {
    answer: "400 and the code 50004",
    respond: () => Response.json({ code: "50004", msg: "timeout" }, { status: 400 }),
  },
])("fetchSamples() asks OKX's second address after $answer", TIME_LIMIT, async ({ respond }) => {
  await using first = serveLocally(respond);
  await using second = serveLocally(() =>
    Response.json(okxAnswer([{ time: SETTLED, ratio: "3" }]))
  );
  const { samples } = await okxAt([first.url, second.url]).fetch();
  assertEquals(samples.map(({ value }) => value), [0.5]);
});

Deno.test(
  "fetchSamples() offers nothing while all of OKX's buckets can change",
  TIME_LIMIT,
  async () => {
    const answer = okxAnswer([{ time: NOW, ratio: "1" }]);
    assertEquals(await fetchAnswer(answer), { samples: [], rejected: 0 });
  },
);

Deno.test.each([
  { fault: "nothing", row: null },
  { fault: "no ratio", row: [String(SETTLED)] },
  { fault: "a ratio in words", row: [String(SETTLED), "long"] },
  { fault: "a negative ratio", row: [String(SETTLED), "-1"] },
  { fault: "an infinite ratio", row: [String(SETTLED), "1e999"] },
  { fault: "a time in words", row: ["now", "1"] },
  { fault: "a time in seconds", row: [String(SETTLED / 1_000), "1"] },
  { fault: "a time more than 5 minutes ahead", row: [String(NOW + 5 * MINUTE_MS + 1), "1"] },
])("fetchSamples() rejects OKX's bucket with $fault", TIME_LIMIT, async ({ row }) => {
  const answer = { code: "0", msg: "", data: [[String(SETTLED), "2.45"], row] };
  const { samples, rejected } = await fetchAnswer(answer);
  assertEquals([samples.length, rejected], [1, 1]);
});

Deno.test(
  "fetchSamples() returns ascending, bounded, settled samples for any buckets",
  TIME_LIMIT,
  async () => {
    const bucket = fc.record({
      time: fc.integer({ min: 0, max: 600 }).map((minutes) => NOW - minutes * MINUTE_MS),
      ratio: fc.double({ min: 0, max: 1e6, noNaN: true }).map((ratio) => ratio.toFixed(4)),
    });
    let answer: unknown;
    await using server = serveLocally(() => Response.json(answer));
    const okx = okxAt([server.url]);
    await fc.assert(
      fc.asyncProperty(fc.array(bucket, { minLength: 1, maxLength: 20 }), async (buckets) => {
        answer = okxAnswer(buckets);
        const { samples } = await okx.fetch();
        const times = buckets.map(({ time }) => time).filter((time) => time <= SETTLED);
        assertEquals(samples.map(({ timestamp }) => timestamp), times.sort((a, b) => a - b));
        assertEquals(samples.filter(({ value }) => value < -1 || value > 1), []);
      }),
      { numRuns: 50 },
    );
  },
);

Deno.test.each([
  { answer: "an array", body: [] },
  { answer: "no code", body: { data: [[String(SETTLED), "1"]] } },
  { answer: "no rows", body: { code: "0", msg: "" } },
  { answer: "an empty list", body: { code: "0", msg: "", data: [] } },
  { answer: "no valid bucket", body: { code: "0", msg: "", data: [["now", "1"]] } },
])("fetchSamples() calls OKX's answer with $answer invalid", TIME_LIMIT, async ({ body }) => {
  const { fault } = await assertRejects(() => fetchAnswer(body), FeedError);
  assertEquals(fault, "invalid");
});

Deno.test.each([
  { code: "51000", retryAfterMs: undefined },
  { code: "50011", retryAfterMs: 60_000 },
])(
  "fetchSamples() calls OKX's code $code unavailable and asks no other address",
  TIME_LIMIT,
  async ({ code, retryAfterMs }) => {
    const answer = { code, msg: "what is wrong" };
    await using first = serveLocally(() => Response.json(answer));
    await using second = serveLocally(() =>
      Response.json(okxAnswer([{ time: SETTLED, ratio: "1" }]))
    );
    const okx = okxAt([first.url, second.url]);
    const error = await assertRejects(okx.fetch, FeedError);
    assertEquals([error.fault, error.retryAfterMs], ["unavailable", retryAfterMs]);
    assertEquals((error.cause as Error).message, `${code} what is wrong`);
    assertEquals(error.message.includes("what is wrong"), false);
    await assertRejects(okx.fetch, FeedError);
    assertEquals(second.requests, 0);
  },
);

Deno.test(
  "fetchSamples() asks OKX's second address when the first can't be reached",
  TIME_LIMIT,
  async () => {
    const asked: (string | null)[] = [];
    await using second = serveLocally((request) => {
      asked.push(new URL(request.url).search);
      return Response.json(okxAnswer([{ time: SETTLED, ratio: "3" }]));
    });
    const okx = okxAt([NOWHERE, `${second.url}?ccy=BTC&period=1D`]);
    assertEquals((await okx.fetch()).samples.map(({ value }) => value), [0.5]);
    assertEquals(asked, ["?ccy=BTC&period=5m"]);
    assertEquals([okx.name, okx.metrics], ["okx", ["sentiment"]]);
  },
);
