import { assertEquals } from "@std/assert";
import { judgeLonePrices, type PriceSource } from "../../src/feeds/lone_price.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import type { Sample } from "../../src/samples/sample.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const TIME_LIMIT = { timeout: 60_000 };

function priceAt(timestamp: number, value = 100): Sample {
  return { metric: "price", timestamp, value };
}

function minutesAgo(...minutes: number[]): Sample[] {
  return minutes.map((ago) => priceAt(NOW - ago * MINUTE_MS));
}

interface Minute {
  readonly case: string;
  /** How many minutes ago the lone price is, and the known ones, whose price is 100. */
  readonly ago: number;
  readonly price?: number;
  readonly known?: readonly number[];
  /** The minutes of another source. @default it failed, and reaches back 300 */
  readonly other?: readonly number[];
  readonly counted: number;
  readonly rejected?: number;
}

const MINUTES: Minute[] = [
  { case: "that waits for a second source", ago: 3, counted: 0 },
  { case: "that is recent, with nothing known", ago: 4, counted: 1 },
  { case: "that is recent, far from what is known", ago: 15, price: 300, known: [20], counted: 1 },
  { case: "that the other had, or could have had", ago: 16, known: [17], counted: 0 },
  { case: "at the end of the other's usual reach", ago: 300, known: [301], counted: 0 },
  { case: "beyond the other's usual reach", ago: 301, known: [300], counted: 1 },
  { case: "within the other's answer", ago: 20, known: [19], other: [5, 20], counted: 0 },
  { case: "before the other's oldest row", ago: 21, known: [20], other: [5, 20], counted: 1 },
  { case: "of whom the other has no row", ago: 301, known: [300], other: [], counted: 1 },
  { case: "10 % above a known one", ago: 301, price: 110, known: [300], counted: 1 },
  { case: "10 % below a known one", ago: 301, price: 90, known: [300], counted: 1 },
  {
    case: "more than 10 % above",
    ago: 301,
    price: 110.01,
    known: [300],
    counted: 0,
    rejected: 1,
  },
  { case: "more than 10 % below", ago: 301, price: 89.99, known: [300], counted: 0, rejected: 1 },
  { case: "60 minutes before a known one", ago: 360, known: [300], counted: 1 },
  { case: "60 minutes after a known one", ago: 301, known: [361], counted: 1 },
  { case: "61 minutes from all known ones", ago: 361, known: [300, 422], counted: 0 },
  { case: "with nothing known", ago: 361, counted: 0 },
];

Deno.test.each(MINUTES)("judgeLonePrices() of a minute $case", TIME_LIMIT, (row) => {
  const { ago, price = 100, known = [], other, counted, rejected = 0 } = row;
  const timestamp = NOW - ago * MINUTE_MS;
  const sources = new Map<string, PriceSource>([
    ["lone", { samples: [priceAt(timestamp, price)], maxPeriods: 1_000 }],
    ["other", { samples: other && minutesAgo(...other), maxPeriods: 300 }],
  ]);
  const options = { now: NOW, periodMs: MINUTE_MS, sources, known: minutesAgo(...known) };
  const judged = judgeLonePrices([{ source: "lone", timestamp, price }], options);
  assertEquals([judged.samples.length, judged.rejected], [counted, rejected]);
});

Deno.test("judgeLonePrices() compares a minute with the nearest known one", TIME_LIMIT, () => {
  const timestamp = NOW - 400 * MINUTE_MS;
  const known = [
    priceAt(timestamp - 30 * MINUTE_MS, 50),
    priceAt(timestamp + 20 * MINUTE_MS, 100),
    priceAt(timestamp + 40 * MINUTE_MS, 200),
  ];
  const options = { now: NOW, periodMs: MINUTE_MS, sources: new Map(), known };
  const count = (price: number) =>
    judgeLonePrices([{ source: "lone", timestamp, price }], options).samples.length;
  assertEquals([50, 100, 200].map(count), [0, 1, 0]);
});

Deno.test("judgeLonePrices() makes no minute known to another", TIME_LIMIT, () => {
  const lone = [400, 350, 301].map((ago) => ({
    source: "lone",
    timestamp: NOW - ago * MINUTE_MS,
    price: 100,
  }));
  const options = { now: NOW, periodMs: MINUTE_MS, sources: new Map(), known: minutesAgo(300) };
  assertEquals(judgeLonePrices(lone, options).samples.length, 2);
});

/** Judges hours of one source while the other failed, the newest last; 100 is known of the next. */
function judgeHours(prices: readonly number[], known = [priceAt(NOW - HOUR_MS)]) {
  const lone = prices.map((price, i) => ({
    source: "lone",
    timestamp: NOW - (prices.length - i + 1) * HOUR_MS,
    price,
  }));
  const sources = new Map([["other", { samples: undefined, maxPeriods: 0 }]]);
  const judged = judgeLonePrices(lone, { now: NOW, periodMs: HOUR_MS, sources, known });
  return { values: judged.samples.map(({ value }) => value), rejected: judged.rejected };
}

Deno.test("judgeLonePrices() judges hours from the newest to the oldest", TIME_LIMIT, () => {
  const judged = judgeHours([100, 110, 667e6, 118, 131, 109]);
  assertEquals(judged, { values: [109, 118, 110, 100], rejected: 2 });
});

Deno.test("judgeLonePrices() counts no hour before one that is known", TIME_LIMIT, () => {
  assertEquals(judgeHours([100, 100], []), { values: [], rejected: 0 });
});
