import { assertAlmostEquals, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { createLive } from "../../src/feeds/live.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { EXCHANGES } from "../helpers/live_sources.ts";
import { priceAt, sentimentAt, serveMarket } from "../helpers/market.ts";
import { createTestService } from "../helpers/service.ts";
import { readAnswer } from "./requests.ts";

const START = Date.UTC(2026, 0, 2, 0, 0, 20);
const SOURCES = [...EXCHANGES, "okx", "bybit"] as const;

/** Each source is away for every second hour. */
const HOURS = 2 * SOURCES.length + 1;

/** A tick of the whole service takes 20 ms on a free core. */
const TIME_LIMIT = { timeout: 300_000 };

function startMarketService() {
  const market = serveMarket(START);
  const now = () => market.now();
  const store = startEmbeddedRedis({ now });
  // The hours of the first start are another matter.
  const { backfill: _, ...feed } = createLive(feedOptions({ ...market.urls, now }));
  const service = createTestService({
    redis: { url: store.url, prefix: "is-bitcoin-lit" },
    feed,
    environment: { REFRESH_MIN_INTERVAL_SECONDS: "0" },
    clock: { now, elapsed: () => market.now() - START + 1_000 },
    sleep: (ms, signal) => delay(ms < 10_000 ? 0 : ms, { signal }),
  });
  return {
    market,
    service,
    async [Symbol.asyncDispose]() {
      await service.stop();
      await store[Symbol.asyncDispose]();
      await market[Symbol.asyncDispose]();
    },
  };
}

Deno.test(
  "the answer is never stale, and true, while each source in turn is away for an hour",
  TIME_LIMIT,
  async () => {
    await using started = startMarketService();
    const { market, service } = started;
    market.faults = SOURCES.map((source, i) => {
      const from = START + (2 * i + 1) * HOUR_MS;
      return { source, kind: "down", from, until: from + HOUR_MS };
    });
    const degraded: number[] = [];
    for (let minute = 0; minute < HOURS * 60; minute++) {
      await service.tick();
      market.advance(MINUTE_MS - 1);
      const { stale, as_of } = await readAnswer(service.request);
      assertEquals(stale, false, `in minute ${minute}, as of ${as_of}`);
      market.advance(1);
      const refreshed = service.log.lines.findLast(({ message }) => message === "refreshed");
      if (refreshed?.fields.degraded) degraded.push(minute);
    }
    assertEquals(market.violations, []);
    // A bucket would have come within the first minute: it is due three minutes later.
    const away = 60 * (2 * SOURCES.indexOf("okx") + 1);
    const expected = Array.from({ length: 57 }, (_, i) => away + 3 + i);
    assertEquals(degraded, expected);

    const { points } = await (await service.request("/history?hours=8&bucket=5m")).json();
    for (const { time, price, sentiment } of points) {
      const at = Date.parse(time);
      if (sentiment !== null) assertAlmostEquals(sentiment, sentimentAt(at), 0.01, time);
      if (price !== null) assertAlmostEquals(price / priceAt(at), 1, 0.01, time);
    }
    assertEquals(points.length > 90, true, `${points.length} points`);
  },
);
