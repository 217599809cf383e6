import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import fc from "fast-check";
import { createLive } from "../../src/feeds/live.ts";
import { refresh, type RefreshParts } from "../../src/refresh/refresh.ts";
import { MINUTE_MS } from "../../src/samples/bucket.ts";
import { type Metric, perMetric, type Sample } from "../../src/samples/sample.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { EXCHANGES } from "../helpers/live_sources.ts";
import { keepLog } from "../helpers/log.ts";
import {
  FAULT_KINDS,
  type Market,
  type MarketFault,
  OPEN_FACTOR,
  priceAt,
  sentimentAt,
  serveMarket,
} from "../helpers/market.ts";

const START = Date.UTC(2026, 0, 2, 12, 0, 20);
const DAY_MINUTES = 1_440;
const BUCKET_MS = 5 * MINUTE_MS;
const DAYS = 2;

/** A whole day of ticks takes about ten seconds of one core. */
const TIME_LIMIT = { timeout: 300_000 };

/** Series that keep the first value of each time, and say what was added. */
class KeptSeries {
  readonly #values = perMetric(() => new Map<number, number>());
  added: Sample[] = [];

  newest() {
    return Promise.resolve(perMetric((metric) => [...this.#values[metric].keys()].at(-1)));
  }

  oldest() {
    return Promise.resolve(perMetric((metric) => [...this.#values[metric].keys()].at(0)));
  }

  samples(metric: Metric, from: number, to: number): Promise<Sample[]> {
    return Promise.resolve(
      [...this.#values[metric]].filter(([timestamp]) => timestamp >= from && timestamp <= to)
        .map(([timestamp, value]) => ({ metric, timestamp, value })),
    );
  }

  averages() {
    return Promise.resolve(perMetric(() => []));
  }

  add(samples: readonly Sample[]) {
    this.added = samples.filter(({ metric, timestamp }) => !this.#values[metric].has(timestamp));
    for (const { metric, timestamp, value } of this.added) {
      this.#values[metric].set(timestamp, value);
    }
    const stored = this.added.length;
    const duplicates = samples.length - stored;
    return Promise.resolve({ stored, duplicates, rejected: 0, expired: 0, revision: 1 });
  }
}

const FAULT = fc.record({
  source: fc.constantFrom(...EXCHANGES, "okx" as const, "bybit" as const),
  kind: fc.constantFrom(...FAULT_KINDS),
  start: fc.integer({ min: 30, max: DAY_MINUTES - 60 }),
  minutes: fc.integer({ min: 2, max: 90 }),
}).map(({ start, minutes, ...fault }): MarketFault => {
  const from = START + start * MINUTE_MS;
  return { ...fault, from, until: from + minutes * MINUTE_MS };
});

/** Refreshes every minute of a day; every two hours another instance goes on. */
async function live(market: Market, check: (series: KeptSeries) => void): Promise<void> {
  const series = new KeptSeries();
  const log = keepLog();
  const now = () => market.now();
  let feed = createLive(feedOptions({ ...market.urls, now }));
  const parts: RefreshParts = {
    loadFeed: () => Promise.resolve(feed),
    reader: series,
    writer: series,
    record: {
      read: () => Promise.resolve(undefined),
      write: async () => {},
      keepPauses: async () => {},
    },
    summaries: { publish: () => true, renew: () => Promise.reject(new Error("not needed")) },
    clock: { now, elapsed: now },
    sleep: (ms, signal) => delay(ms < 20_000 ? 0 : ms, { signal }),
    random: () => 0.5,
    log,
    signal: new AbortController().signal,
  };
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    if (minute % 120 === 119) {
      const kept = JSON.parse(JSON.stringify(feed.pauses?.list()));
      feed = createLive(feedOptions({ ...market.urls, now }));
      feed.pauses?.merge(kept);
    }
    series.added = [];
    await refresh(parts, 3);
    check(series);
    market.advance(MINUTE_MS);
  }
  assertEquals(log.lines.filter(({ level }) => level === "error"), []);
}

function checkSample({ metric, timestamp, value }: Sample, market: Market): void {
  const at = `${metric} ${new Date(timestamp).toISOString()} at ${
    new Date(market.now()).toISOString()
  }`;
  if (metric === "price") {
    assert(timestamp + MINUTE_MS <= market.now(), `${at} is open`);
    assert(value < OPEN_FACTOR * priceAt(timestamp), `${at} is ${value}, of an open candle`);
    const hasTwo = (market.honest.get(timestamp) ?? 0) >= 2;
    const distance = Math.abs(value / priceAt(timestamp) - 1);
    assert(!hasTwo || distance < 0.01, `${at} is ${value}, ${distance} off`);
    return;
  }
  assert(timestamp + 2 * BUCKET_MS <= market.now(), `${at} can still change`);
  const distance = Math.abs(value - sentimentAt(timestamp));
  assert(distance < 0.01, `${at} is ${value}, ${distance} off`);
}

Deno.test(
  "the live feed stores only what is true, and asks no source in a pause, on any day",
  TIME_LIMIT,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(FAULT, { minLength: 30, maxLength: 60 }), async (faults) => {
        await using market = serveMarket(START);
        market.faults = faults;
        let stored = 0;
        await live(market, ({ added }) => {
          for (const sample of added) checkSample(sample, market);
          stored += added.length;
        });
        assertEquals(market.violations, []);
        assert(stored > DAY_MINUTES / 2, `${stored} samples`);
      }),
      { numRuns: DAYS, endOnFailure: true },
    );
  },
);
