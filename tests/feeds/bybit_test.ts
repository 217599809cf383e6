import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createBybit } from "../../src/feeds/bybit.ts";
import { FeedError } from "../../src/feeds/errors.ts";
import { MINUTE_MS } from "../../src/samples/bucket.ts";
import { bybitAnswer } from "../helpers/exchange_answers.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const SETTLED = NOW - 10 * MINUTE_MS;
const TIME_LIMIT = { timeout: 60_000 };

function bybitAt(...urls: string[]) {
  const bybit = createBybit(urls, { now: () => NOW });
  return { ...bybit, fetch: () => bybit.fetchSamples(AbortSignal.timeout(30_000)) };
}

async function fetchAnswer(answer: unknown, init?: ResponseInit) {
  await using server = serveLocally(() => Response.json(answer, init));
  return await bybitAt(server.url).fetch();
}

Deno.test("fetchSamples() returns longs − shorts of Bybit's accounts", TIME_LIMIT, async () => {
  const list = [
    { symbol: "BTCUSDT", buyRatio: "0.5777", sellRatio: "0.4223", timestamp: `${SETTLED}` },
    { buyRatio: "0.25", sellRatio: "0.75", timestamp: `${SETTLED - 5 * MINUTE_MS}` },
  ];
  const { samples, rejected } = await fetchAnswer({ retCode: 0, retMsg: "OK", result: { list } });
  assertEquals(samples.map(({ metric, timestamp }) => [metric, timestamp]), [
    ["sentiment", SETTLED - 5 * MINUTE_MS],
    ["sentiment", SETTLED],
  ]);
  assertEquals([samples[0]?.value, rejected], [-0.5, 0]);
  assertAlmostEquals(samples[1]?.value ?? NaN, 0.1554, 1e-12);
});

Deno.test(
  "fetchSamples() leaves out Bybit's buckets that can still change by the earlier clock",
  TIME_LIMIT,
  async () => {
    const times = [SETTLED + 1, SETTLED, SETTLED - 5 * MINUTE_MS];
    const answer = bybitAnswer(times.map((time) => ({ time, ratio: "1" })));
    const late = { headers: { date: new Date(NOW - 5 * MINUTE_MS).toUTCString() } };
    const [now, then] = [await fetchAnswer(answer), await fetchAnswer(answer, late)];
    assertEquals([now.samples.length, then.samples.length], [2, 1]);
  },
);

Deno.test.each([
  { fault: "a share in words", row: { buyRatio: "half" } },
  { fault: "more than all accounts", row: { buyRatio: "1.5", sellRatio: "0.1" } },
  { fault: "no time", row: { timestamp: undefined } },
  { fault: "a time in seconds", row: { timestamp: `${SETTLED / 1_000}` } },
])("fetchSamples() rejects Bybit's bucket with $fault", TIME_LIMIT, async ({ row }) => {
  const sound = { buyRatio: "0.5", sellRatio: "0.5", timestamp: `${SETTLED}` };
  const list = [sound, { ...sound, ...row }];
  const { samples, rejected } = await fetchAnswer({ retCode: 0, result: { list } });
  assertEquals([samples.length, rejected], [1, 1]);
});

Deno.test.each([
  { retCode: 10006, requests: [1, 0], retryAfterMs: 60_000 },
  { retCode: 10016, requests: [1, 1], retryAfterMs: undefined },
  { retCode: 10001, requests: [1, 0], retryAfterMs: undefined },
])(
  "fetchSamples() understands Bybit's code $retCode",
  TIME_LIMIT,
  async ({ retCode, requests, retryAfterMs }) => {
    const respond = () => Response.json({ retCode, retMsg: "no", result: {} });
    await using first = serveLocally(respond);
    await using second = serveLocally(respond);
    const error = await assertRejects(bybitAt(first.url, second.url).fetch, FeedError);
    assertEquals([error.fault, error.retryAfterMs], ["unavailable", retryAfterMs]);
    assertEquals((error.cause as Error).message, `${retCode} no`);
    assertEquals([first.requests, second.requests], requests);
  },
);

Deno.test("fetchSamples() asks Bybit's second address after a block", TIME_LIMIT, async () => {
  const asked: string[] = [];
  await using first = serveLocally(() => new Response("<p>no", { status: 403 }));
  await using second = serveLocally(({ url }) => {
    asked.push(new URL(url).search);
    return Response.json(bybitAnswer([{ time: SETTLED, ratio: "3" }]));
  });
  const bybit = bybitAt(first.url, `${second.url}?symbol=BTCUSDT&period=1d`);
  assertEquals((await bybit.fetch()).samples.map(({ value }) => value), [0.5]);
  assertEquals(asked, ["?symbol=BTCUSDT&period=5min&limit=500"]);
  assertEquals([bybit.name, bybit.metrics], ["bybit", ["sentiment"]]);
});

Deno.test.each([
  { answer: "no result", body: { retCode: 0 } },
  { answer: "no list", body: { retCode: 0, result: {} } },
  { answer: "an empty list", body: { retCode: 0, result: { list: [] } } },
])("fetchSamples() calls Bybit's answer with $answer invalid", TIME_LIMIT, async ({ body }) => {
  const { fault } = await assertRejects(() => fetchAnswer(body), FeedError);
  assertEquals(fault, "invalid");
});
