import { assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import type { Source } from "../../src/feeds/feed.ts";
import { createBitstamp } from "../../src/feeds/bitstamp.ts";
import { type CandleAddress, HOURS, MINUTES, type Period } from "../../src/feeds/candles.ts";
import { createCoinbase } from "../../src/feeds/coinbase.ts";
import { createKraken } from "../../src/feeds/kraken.ts";
import type { RequestOptions } from "../../src/feeds/request.ts";
import {
  bitstampAnswer,
  type Candle,
  coinbaseAnswer,
  krakenAnswer,
} from "../helpers/exchange_answers.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 0, 30);
const MINUTE_MS = 60_000;
const OPEN = NOW - 30_000;
const CLOSED = OPEN - MINUTE_MS;
const TIME_LIMIT = { timeout: 60_000 };

interface Exchange {
  readonly name: string;
  readonly title: string;
  readonly create: (address: CandleAddress, options: RequestOptions) => Source;
  /** The answer of closed candles and the open one that follows them. */
  readonly answer: (candles: readonly Candle[]) => unknown;
}

const EXCHANGES: Exchange[] = [
  {
    name: "kraken",
    title: "Kraken",
    create: createKraken,
    // The last candle is always dropped.
    answer: (candles) => krakenAnswer([...candles, { time: NOW + MINUTE_MS, close: 1 }]),
  },
  { name: "coinbase", title: "Coinbase", create: createCoinbase, answer: coinbaseAnswer },
  { name: "bitstamp", title: "Bitstamp", create: createBitstamp, answer: bitstampAnswer },
];

interface Served {
  readonly body: unknown;
  /** @default long after the candles */
  readonly date?: string;
  readonly now?: number;
  readonly period?: Period;
}

async function fetchFrom(
  { create }: Exchange,
  { body, date, now = NOW, period = MINUTES }: Served,
) {
  const init = date === undefined ? {} : { headers: { date } };
  await using server = serveLocally(() => Response.json(body, init));
  const source = create({ url: server.url, period }, { now: () => now });
  return await source.fetchSamples(AbortSignal.timeout(30_000));
}

function timesOf(samples: readonly { timestamp: number }[]): number[] {
  return samples.map(({ timestamp }) => timestamp);
}

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() takes closes, oldest first",
  TIME_LIMIT,
  async (exchange) => {
    const candle = { open: 37_050, high: 37_300, low: 36_900 };
    const body = exchange.answer([
      { ...candle, time: CLOSED, close: 37_200.25 },
      { ...candle, time: CLOSED - 3 * MINUTE_MS, close: 37_000 },
      { ...candle, time: CLOSED - MINUTE_MS, close: 37_100.5 },
    ]);
    assertEquals(await fetchFrom(exchange, { body }), {
      samples: [
        { metric: "price", timestamp: CLOSED - 3 * MINUTE_MS, value: 37_000 },
        { metric: "price", timestamp: CLOSED - MINUTE_MS, value: 37_100.5 },
        { metric: "price", timestamp: CLOSED, value: 37_200.25 },
      ],
      rejected: 0,
    });
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() takes the mean of an hour's prices",
  TIME_LIMIT,
  async (exchange) => {
    const time = NOW - 30_000 - 60 * MINUTE_MS;
    const body = exchange.answer([{ time, open: 100, high: 112, low: 98, close: 110 }]);
    assertEquals((await fetchFrom(exchange, { body, period: HOURS })).samples, [
      { metric: "price", timestamp: time, value: 105 },
    ]);
  },
);

Deno.test.each([
  { stray: "low", low: 100, high: 60_500 },
  { stray: "high", low: 60_300, high: 604_000 },
])(
  "fetchSamples() takes the mean of open and close of an hour with a stray $stray",
  TIME_LIMIT,
  async ({
    low,
    high,
  }) => {
    const time = NOW - 30_000 - 60 * MINUTE_MS;
    for (const exchange of EXCHANGES) {
      const body = exchange.answer([{ time, open: 60_390, high, low, close: 60_410 }]);
      assertEquals((await fetchFrom(exchange, { body, period: HOURS })).samples, [
        { metric: "price", timestamp: time, value: 60_400 },
      ]);
    }
  },
);

Deno.test.each([
  { low: 90, high: 110, value: 100 },
  { low: 90, high: 106, value: 99 },
  { low: 89.9, high: 106, value: 100 },
  { low: 94, high: 110.1, value: 100 },
])("HOURS takes $low…$high around 100 for $value", TIME_LIMIT, ({ value, ...extremes }) => {
  assertEquals(HOURS.priceOf({ seconds: 0, open: 100, close: 100, ...extremes }), value);
});

Deno.test("HOURS reach back 30 days, MINUTES further than any exchange", TIME_LIMIT, () => {
  assertEquals([HOURS.count, HOURS.maxAgeMs], [30 * 24, undefined]);
  assertEquals([MINUTES.count, MINUTES.maxAgeMs], [1_000, 600_000]);
});

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() takes no price from a candle without trades",
  TIME_LIMIT,
  async (exchange) => {
    const body = exchange.answer([
      { time: CLOSED - MINUTE_MS, close: 100 },
      { time: CLOSED, close: 100, volume: 0 },
    ]);
    const { samples, rejected } = await fetchFrom(exchange, { body });
    assertEquals([timesOf(samples), rejected], [[CLOSED - MINUTE_MS], 0]);
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() fails for good while the market is halted",
  TIME_LIMIT,
  async (exchange) => {
    const halted = Array.from({ length: 20 }, (_, i) => (
      { time: CLOSED - i * MINUTE_MS, close: 100, volume: i < 11 ? 0 : 1 }
    ));
    const body = exchange.answer(halted);
    const error = await assertRejects(() => fetchFrom(exchange, { body }), FeedError);
    assertEquals([error.fault, error.isRetriable], ["unavailable", false]);
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() leaves out candles that our clock or the answer's date shows as open",
  TIME_LIMIT,
  async (exchange) => {
    const [before, last, open] = [CLOSED - MINUTE_MS, CLOSED, OPEN];
    const body = exchange.answer([before, last, open].map((time) => ({ time, close: 100 })));
    const at = (time: number) => new Date(time).toUTCString();
    const answers = await Promise.all([
      fetchFrom(exchange, { body }),
      fetchFrom(exchange, { body, date: at(NOW) }),
      fetchFrom(exchange, { body, now: NOW + MINUTE_MS, date: at(NOW) }),
      fetchFrom(exchange, { body, now: NOW - MINUTE_MS, date: at(NOW) }),
      fetchFrom(exchange, { body, now: NOW + MINUTE_MS, date: at(OPEN + MINUTE_MS) }),
      fetchFrom(exchange, { body, now: NOW + MINUTE_MS, date: "today" }),
    ]);
    assertEquals(answers.map(({ samples }) => timesOf(samples)), [
      [before, last],
      [before, last],
      [before, last],
      [before],
      [before, last, open],
      [before, last, open],
    ]);
    assertEquals(answers.map(({ rejected }) => rejected), [0, 0, 0, 0, 0, 0]);
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() judges an unchanged answer by the date of the 304",
  TIME_LIMIT,
  async (exchange) => {
    const body = exchange.answer([{ time: CLOSED, close: 100 }, { time: OPEN, close: 100 }]);
    let date = new Date(NOW).toUTCString();
    await using server = serveLocally((request) =>
      request.headers.has("if-none-match")
        ? new Response(null, { status: 304, headers: { date } })
        : Response.json(body, { headers: { date, etag: '"1"' } })
    );
    const now = () => NOW + 5 * MINUTE_MS;
    const source = exchange.create({ url: server.url, period: MINUTES }, { now });
    const fetch = () => source.fetchSamples(AbortSignal.timeout(30_000));
    const first = await fetch();
    date = new Date(NOW + MINUTE_MS).toUTCString();
    const second = await fetch();
    assertEquals([timesOf(first.samples), timesOf(second.samples)], [[CLOSED], [CLOSED, OPEN]]);
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() rejects implausible candles and keeps their neighbour",
  TIME_LIMIT,
  async (exchange) => {
    const wrong: Candle[] = [
      { time: CLOSED * 1_000, close: 100 },
      { time: NOW + 330_000, close: 100 },
      { time: CLOSED - 1_000, close: 100 },
      { time: CLOSED, close: 0 },
      { time: CLOSED, close: -1 },
      { time: CLOSED, close: 1e9 + 1 },
      { time: CLOSED, close: NaN },
      { time: CLOSED, close: 100, open: 0, low: 0 },
      { time: CLOSED, close: 100, low: -1 },
      { time: CLOSED, close: 100, high: 2e9 },
      { time: CLOSED, close: 100, low: 101 },
      { time: CLOSED, close: 100, high: 99, low: 98 },
      { time: CLOSED, close: 100, open: 102, high: 101 },
      { time: CLOSED, close: 100, open: 98, low: 99 },
      { time: CLOSED, close: 100, volume: -1 },
    ];
    for (const candle of wrong) {
      const body = exchange.answer([{ time: CLOSED, close: 100 }, candle]);
      const { samples, rejected } = await fetchFrom(exchange, { body });
      assertEquals([timesOf(samples), rejected], [[CLOSED], 1], JSON.stringify(candle));
    }
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() keeps at most the newest 1,000 candles",
  TIME_LIMIT,
  async (exchange) => {
    const candles = Array.from(
      { length: 1_010 },
      (_, i) => ({ time: CLOSED - i * MINUTE_MS, close: 1 }),
    );
    const { samples, rejected } = await fetchFrom(exchange, { body: exchange.answer(candles) });
    assertEquals([samples.length, samples.at(-1)?.timestamp, rejected], [1_000, CLOSED, 0]);
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() calls an answer without a valid candle invalid",
  TIME_LIMIT,
  async (exchange) => {
    for (
      const body of [7, null, {}, exchange.answer([]), exchange.answer([{ time: 1, close: 1 }])]
    ) {
      const { fault } = await assertRejects(() => fetchFrom(exchange, { body }), FeedError);
      assertEquals(fault, "invalid", JSON.stringify(body));
    }
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() fails without a minute newer than ten minutes, hours may be old",
  TIME_LIMIT,
  async (exchange) => {
    const times = [9, 10, 40].map((minutes) => OPEN - minutes * MINUTE_MS);
    const bodies = times.map((time) => exchange.answer([{ time, close: 100 }]));
    const [young, ...old] = bodies;
    assertEquals((await fetchFrom(exchange, { body: young })).samples.length, 1);
    // Neither a late date nor an open candle makes them newer.
    const frozen = [...old, exchange.answer([{ time: OPEN, close: 100 }])];
    const date = new Date(NOW - 40 * MINUTE_MS).toUTCString();
    for (const served of frozen.flatMap((body) => [{ body }, { body, date }])) {
      const { fault } = await assertRejects(() => fetchFrom(exchange, served), FeedError);
      assertEquals(fault, "unavailable", JSON.stringify(served));
    }
    const body = exchange.answer([{ time: NOW - 30_000 - 48 * 60 * MINUTE_MS, close: 100 }]);
    assertEquals((await fetchFrom(exchange, { body, period: HOURS })).samples.length, 1);
  },
);

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() ends a request that takes too long",
  TIME_LIMIT,
  async (exchange) => {
    const stalled = Promise.withResolvers<Response>();
    await using server = serveLocally(() => stalled.promise);
    const options = { now: () => NOW, bounds: { timeoutMs: 20 } };
    const source = exchange.create({ url: server.url, period: MINUTES }, options);
    const error = await assertRejects(
      () => source.fetchSamples(AbortSignal.timeout(30_000)),
      FeedError,
    );
    stalled.resolve(new Response());
    assertEquals([error.fault, error.message], [
      "timeout",
      `${exchange.title} took more than 20 ms`,
    ]);
    assertEquals([source.name, source.metrics], [exchange.name, ["price"]]);
  },
);

const QUERIES = {
  kraken: [{ interval: "1" }, { interval: "60" }],
  coinbase: [{ granularity: "60" }, { granularity: "3600" }],
  bitstamp: [
    { step: "60", limit: "1000", exclude_current_candle: "true" },
    { step: "3600", limit: "720", exclude_current_candle: "true" },
  ],
};

Deno.test.each(EXCHANGES)(
  "$title: fetchSamples() sets the period in the URL and keeps the rest of it",
  TIME_LIMIT,
  async (exchange) => {
    const asked: unknown[] = [];
    await using server = serveLocally((request) => {
      asked.push(Object.fromEntries(new URL(request.url).searchParams));
      const time = asked.length === 1 ? CLOSED : CLOSED - 59 * MINUTE_MS;
      return Response.json(exchange.answer([{ time, close: 1 }]));
    });
    const url = `${server.url}path?pair=XBTUSD&interval=5&granularity=300&step=7`;
    const rest = { pair: "XBTUSD", interval: "5", granularity: "300", step: "7" };
    for (const period of [MINUTES, HOURS]) {
      const source = exchange.create({ url, period }, { now: () => NOW });
      await source.fetchSamples(AbortSignal.timeout(30_000));
    }
    const expected = Object.entries(QUERIES).find(([name]) => name === exchange.name)?.[1];
    assertEquals(asked, expected?.map((query) => ({ ...rest, ...query })));
  },
);
