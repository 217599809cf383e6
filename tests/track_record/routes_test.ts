import { assertEquals, assertStringIncludes } from "@std/assert";
import { keysBelow } from "../../src/redis/keys.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { computeTrackRecord } from "../../src/track_record/track_record.ts";
import type { PayoffPoint } from "../../src/track_record/wire.ts";
import { createTestApp, STALE_AFTER_MS } from "../helpers/app.ts";
import { eventually } from "../helpers/eventually.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { averagesFrom } from "../helpers/hourly.ts";
import { NOW, pairAt, risingAnswer } from "../helpers/samples.ts";
import { readProblem } from "../helpers/problems.ts";
import { createTestService } from "../helpers/service.ts";
import { type StartedService, startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test("GET /track-record waits for a summary that is not loaded yet", TIME_LIMIT, async () => {
  await using writer = await startService();
  const { redis, clock } = writer;
  const feed = createFakeFeed({ test: risingAnswer });
  await using reader = createTestService({ redis, feed, clock });
  reader.start();
  await eventually(async () => (await reader.request("/track-record")).status === 200);
  const { to, known_hours } = await (await reader.request("/track-record")).json();
  assertEquals([to, known_hours], ["2021-07-07T12:00:00.000Z", 1]);
});

async function readKnownHours({ request }: StartedService): Promise<number> {
  return (await (await request("/track-record")).json()).known_hours;
}

Deno.test("GET /track-record reads again when the store went back", TIME_LIMIT, async () => {
  await using service = await startService();
  const { redis: { client, prefix }, clock, config } = service;
  assertEquals(await readKnownHours(service), 1);
  // Older samples and an older revision: the newest samples do not show that anything changed.
  const keys = keysBelow(prefix, config.feed);
  for (
    const { metric, timestamp, value } of [3, 4, 5].flatMap((ago) => pairAt(NOW - ago * HOUR_MS))
  ) {
    await client.call("TS.ADD", keys.series[metric], timestamp, value);
  }
  await client.set(keys.revision, NOW - HOUR_MS);
  clock.advance(5_000);
  await service.request("/is-bitcoin-lit");
  assertEquals(await readKnownHours(service), 4);
});

Deno.test(
  "GET /track-record computes the pay-off with the fee that is asked for",
  TIME_LIMIT,
  async () => {
    await using service = await startService();
    const readFee = async (query: string) => {
      const { payoff } = await (await service.request(`/track-record${query}`)).json();
      return payoff.fee_percent;
    };
    assertEquals(await readFee(""), 0.25);
    assertEquals(await readFee("?fee=0"), 0);
    assertEquals(await readFee("?days=7&fee=5"), 5);
    assertEquals(await readFee("?fee=0.125"), 0.125);
  },
);

Deno.test(
  "GET /track-record rounds the curve of the pay-off to six digits, except its end",
  TIME_LIMIT,
  async () => {
    const { request, answers } = createTestApp();
    const prices = [30_000, 40_000, 50_000, 70_000];
    const start = Date.UTC(2021, 6, 7, 8);
    answers.record = () =>
      computeTrackRecord(averagesFrom(start, { price: prices, sentiment: [] }), {
        feed: "test",
        days: 1,
        asOf: NOW,
      }).record;
    const { payoff } = await (await request("/track-record")).json();
    const held = payoff.curve.map(({ hold }: PayoffPoint) => hold);
    assertEquals(held, [1, 1.33333, 1.66667, 7 / 3]);
    assertEquals(payoff.hold, 7 / 3);
  },
);

Deno.test.each([
  { query: "fee=5.01", detail: 'fee must be a number from 0 to 5, in percent, is "5.01"' },
  { query: "fee=-1", detail: "fee must be a number from 0 to 5" },
  { query: "fee=", detail: 'fee must be a number from 0 to 5, in percent, is ""' },
  { query: "fee=1e0", detail: "fee must be a number from 0 to 5" },
  { query: "fee=NaN", detail: "fee must be a number from 0 to 5" },
  { query: "fee=1&fee=2", detail: 'fee must be given once, is "1, 2"' },
  { query: "days=0", detail: "days must be an integer from 1 to 30" },
  { query: "days=31", detail: 'days must be an integer from 1 to 30, is "31"' },
  { query: "days=1.5", detail: "days must be an integer from 1 to 30" },
])(
  "GET /track-record?$query answers 400 and what is allowed",
  TIME_LIMIT,
  async ({ query, detail }) => {
    const response = await createTestApp().request(`/track-record?${query}`);
    assertEquals(response.status, 400);
    assertStringIncludes((await readProblem(response)).detail, detail);
  },
);

Deno.test(
  "GET /feed.atom says that the data has stopped, from the moment it is stale",
  TIME_LIMIT,
  async () => {
    const { request, answers } = createTestApp();
    const read = async () => await (await request("/feed.atom")).text();
    answers.now = NOW + STALE_AFTER_MS;
    assertEquals((await read()).includes("<entry>"), false);
    answers.now += 1;
    const text = await read();
    assertStringIncludes(text, "<title>Can't say whether Bitcoin is lit</title>");
    assertStringIncludes(text, "<published>2021-07-07T12:45:00.000Z</published>");
  },
);
