import { assert } from "@std/assert";
import fc from "fast-check";
import type { SourceAnswer } from "../../src/feeds/feed.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import type { Sample } from "../../src/samples/sample.ts";
import { createLive } from "../../src/feeds/live.ts";
import { feedOptions } from "../helpers/feeds.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 37, 20);
const TIME_LIMIT = { timeout: 60_000 };

const EXCHANGES = ["kraken", "coinbase", "bitstamp"] as const;

type Exchange = (typeof EXCHANGES)[number];

/** How many closed candles each exchange returns. */
const MINUTES: Record<Exchange, number> = { kraken: 719, coinbase: 300, bitstamp: 1_000 };
const HOURS: Partial<Record<Exchange, number>> = { kraken: 719, bitstamp: 720 };

/** What a minute may be off: 10 % of a known price, which two sources agree on within 2 %. */
const MAX_MINUTE_ERROR = 0.12;

/** At most two hours lie beyond the reach of the honest exchange, each 10 % off the later one. */
const MAX_HOUR_ERROR = 0.25;

/** The true price at a time in Unix milliseconds; it changes by less than 0.5 % within an hour. */
function truthAt(time: number): number {
  return 60_000 + 900 * Math.sin(time / (6 * HOUR_MS));
}

function priceAt(timestamp: number, factor: number): Sample {
  return { metric: "price", timestamp, value: truthAt(timestamp) * factor };
}

function honest(count: number, periodMs: number, gaps: ReadonlySet<number>): Sample[] {
  const open = NOW - NOW % periodMs;
  const candles = Array.from({ length: count }, (_, i) => priceAt(open - (i + 1) * periodMs, 1));
  return candles.filter((_, i) => !gaps.has(i)).toReversed();
}

/** Runs of candles, each true or false by a factor, anywhere in the past. */
const LIES = fc.array(
  fc.record({
    start: fc.oneof(fc.nat(1_500), fc.nat(2_000_000)),
    count: fc.integer({ min: 1, max: 1_000 }),
    factor: fc.oneof(
      fc.constant(1),
      fc.double({ min: 0.8, max: 1.2, noNaN: true }),
      fc.double({ min: 1e-4, max: 1e4, noNaN: true }),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

type Lies = typeof LIES extends fc.Arbitrary<infer T> ? T : never;

/** The answer of one that lies, after what reading candles lets through. */
function lie(lies: Lies, periodMs: number, count: number): Sample[] {
  const open = NOW - NOW % periodMs;
  const candles = new Map<number, Sample>();
  for (const { start, count, factor } of lies) {
    for (let i = start; i < start + count; i++) {
      const timestamp = open - (i + 1) * periodMs;
      candles.set(timestamp, candles.get(timestamp) ?? priceAt(timestamp, factor));
    }
  }
  const sorted = [...candles.values()].sort((a, b) => a.timestamp - b.timestamp);
  const reached = sorted.filter(({ timestamp }) => timestamp >= NOW - (count + 1) * periodMs);
  return reached.slice(-count);
}

function answersOf(prices: Partial<Record<Exchange, Sample[]>>): Map<string, SourceAnswer> {
  const answers = Object.entries(prices).filter(([, samples]) => samples.length > 0);
  return new Map(answers.map(([name, samples]) => [name, { samples, rejected: 0 }]));
}

function assertTrue(samples: readonly Sample[], maxError: number): void {
  for (const { timestamp, value } of samples) {
    const error = Math.abs(value / truthAt(timestamp) - 1);
    assert(error <= maxError, `${value} at ${timestamp} is ${error} off`);
  }
}

Deno.test("combine() on a first start with one liar stores no price far off", TIME_LIMIT, () => {
  const live = createLive(feedOptions({ now: () => NOW }));
  const { backfill } = live;
  if (backfill === undefined) throw new Error("live has no backfill");
  const gaps = fc.uniqueArray(fc.integer({ min: 5, max: 300 })).map((all) => new Set(all));
  fc.assert(
    fc.property(fc.constantFrom(...EXCHANGES), LIES, LIES, gaps, (liar, lies, more, set) => {
      const none = new Set<number>();
      const minutes = live.combine(
        answersOf({
          kraken: honest(MINUTES.kraken, MINUTE_MS, none),
          coinbase: honest(MINUTES.coinbase, MINUTE_MS, set),
          bitstamp: honest(MINUTES.bitstamp, MINUTE_MS, none),
          [liar]: lie(lies, MINUTE_MS, 1_000),
        }),
        { now: NOW, stored: [] },
      ).samples;
      assertTrue(minutes, MAX_MINUTE_ERROR);
      assert(
        (minutes.at(-1)?.timestamp ?? 0) > NOW - 3 * MINUTE_MS,
        "the newest minute is missing",
      );

      const hours = backfill.combine(
        answersOf({
          kraken: honest(HOURS.kraken ?? 0, HOUR_MS, none),
          bitstamp: honest(HOURS.bitstamp ?? 0, HOUR_MS, none),
          ...liar in HOURS && { [liar]: lie(more, HOUR_MS, 720) },
        }),
        { now: NOW, stored: minutes.slice(0, 1) },
      ).samples;
      assertTrue(hours, MAX_HOUR_ERROR);
    }),
  );
});

Deno.test(
  "combine() takes the hours of one honest exchange, and none of a liar",
  TIME_LIMIT,
  () => {
    const { backfill } = createLive(feedOptions({ now: () => NOW }));
    if (backfill === undefined) throw new Error("live has no backfill");
    const stored = [priceAt(NOW - NOW % HOUR_MS - 12 * HOUR_MS, 1)];
    const count = (factor: number) => {
      const samples = lie([{ start: 0, count: 720, factor }], HOUR_MS, 720);
      return backfill.combine(answersOf({ bitstamp: samples }), { now: NOW, stored }).samples
        .length;
    };
    assert(count(1) === 708 && count(1.5) === 0, `${count(1)}, ${count(1.5)}`);
  },
);
