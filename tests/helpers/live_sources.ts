import { HOUR_MS } from "../../src/samples/bucket.ts";
import {
  bitstampAnswer,
  type Bucket,
  bybitAnswer,
  type Candle,
  coinbaseAnswer,
  krakenAnswer,
  okxAnswer,
} from "./exchange_answers.ts";
import { type LocalServer, serveLocally } from "./local_server.ts";

const MINUTE_MS = 60_000;

/** The exchanges of the live feed. */
export const EXCHANGES = ["kraken", "coinbase", "bitstamp"] as const;

/** A source of the live feed. */
export type SourceName = Exchange | "okx" | "bybit";

/** An exchange of the live feed. */
export type Exchange = (typeof EXCHANGES)[number];

/** A value at a time in Unix milliseconds. */
export interface TimedValue {
  readonly time: number;
  readonly value: number;
}

/** The live feed's sources on loopback, and the values that must be stored from their answers. */
export interface LiveSources extends AsyncDisposable, Record<SourceName, LocalServer> {
  /** What each answers; a test may change it. */
  readonly respond: Record<SourceName, (request: Request) => Response | Promise<Response>>;
  /** At the start: the closing price of each closed minute (Unix ms), per exchange. */
  readonly closes: Record<Exchange, ReadonlyMap<number, number>>;
  /** Minutes from the first full hour on. */
  readonly price: readonly TimedValue[];
  /** Settled five-minute buckets from the first full hour on. */
  readonly sentiment: readonly TimedValue[];
  /** 30 days of hours. */
  readonly hourlyPrice: readonly TimedValue[];
  readonly hourlySentiment: readonly TimedValue[];
}

/**
 * Serves what the five sources offer at `now` (Unix ms), with the oddities of their formats. A function
 * lets their time pass.
 */
export function serveSources(now: number | (() => number) = Date.now()): LiveSources {
  const readTime = typeof now === "number" ? () => now : now;
  const start = readTime();
  const read = () => createAnswers(start, readTime());
  const respond: LiveSources["respond"] = {
    kraken(request) {
      const { minutes, hours } = read();
      const { kraken } = ask(request, "interval") === "60" ? hours : minutes;
      return Response.json(krakenAnswer(kraken));
    },
    coinbase: () => Response.json(coinbaseAnswer(read().minutes.coinbase)),
    bitstamp(request) {
      const { minutes, hours } = read();
      const { bitstamp } = ask(request, "step") === "3600" ? hours : minutes;
      const closed = ask(request, "exclude_current_candle") ? bitstamp.slice(0, -1) : bitstamp;
      return Response.json(bitstampAnswer(rotate(closed.slice(-Number(ask(request, "limit"))))));
    },
    okx(request) {
      const { buckets, hourBuckets } = read();
      return Response.json(okxAnswer(ask(request, "period") === "1H" ? hourBuckets : buckets));
    },
    // Another level: a tenth fewer longs per short.
    bybit: () =>
      Response.json(bybitAnswer(
        read().buckets.map(({ time, ratio }) => ({ time, ratio: `${0.9 * Number(ratio)}` })),
      )),
  };
  const servers = {
    kraken: serveLocally((request) => respond.kraken(request)),
    coinbase: serveLocally((request) => respond.coinbase(request)),
    bitstamp: serveLocally((request) => respond.bitstamp(request)),
    okx: serveLocally((request) => respond.okx(request)),
    bybit: serveLocally((request) => respond.bybit(request)),
  };
  return {
    ...servers,
    respond,
    ...valuesOf(read(), start),
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(servers).map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

/** The variables with which a process asks these sources. */
export function liveEnvironment(sources: LiveSources) {
  return {
    FEED: "live",
    KRAKEN_URL: sources.kraken.url,
    COINBASE_URL: sources.coinbase.url,
    BITSTAMP_URL: sources.bitstamp.url,
    OKX_URL: sources.okx.url,
    BYBIT_URL: sources.bybit.url,
  };
}

/** The options with which a live feed asks these sources. */
export function urlsOf(sources: LiveSources) {
  return {
    krakenUrl: sources.kraken.url,
    coinbaseUrl: sources.coinbase.url,
    bitstampUrl: sources.bitstamp.url,
    okxUrls: [sources.okx.url],
    bybitUrls: [sources.bybit.url],
  };
}

interface Answers {
  readonly minutes: Record<Exchange, Candle[]>;
  readonly hours: Record<Exchange, Candle[]>;
  readonly buckets: Bucket[];
  readonly hourBuckets: Bucket[];
}

function createAnswers(start: number, now: number): Answers {
  // Begun two minutes ago, seven, twelve …: while a test runs, two of them are not settled.
  const newest = now - (now - start) % (5 * MINUTE_MS) - 2 * MINUTE_MS;
  return {
    minutes: candlesOf(now, MINUTE_MS),
    hours: candlesOf(now, HOUR_MS),
    buckets: bucketsOf(newest, { count: 576, periodMs: 5 * MINUTE_MS }),
    hourBuckets: bucketsOf(startOf(now, HOUR_MS), { count: 720, periodMs: HOUR_MS }),
  };
}

/** What must be stored at `now`. */
function valuesOf({ minutes, hours, buckets, hourBuckets }: Answers, now: number) {
  return {
    closes: {
      kraken: byTime(closesOf(minutes.kraken)),
      coinbase: byTime(closesOf(minutes.coinbase)),
      bitstamp: byTime(closesOf(minutes.bitstamp)),
    },
    price: fromFirstFullHour(indexOf(EXCHANGES.map((name) => closesOf(minutes[name])))),
    sentiment: fromFirstFullHour(sentimentsOf(buckets, now - 10 * MINUTE_MS)),
    hourlyPrice: medians([hours.kraken, hours.bitstamp].map((all) => meansOf(all.slice(-721, -1)))),
    hourlySentiment: sentimentsOf(hourBuckets, now - HOUR_MS - 5 * MINUTE_MS),
  };
}

function ask(request: Request, parameter: string): string | null {
  return new URL(request.url).searchParams.get(parameter);
}

function startOf(time: number, periodMs: number): number {
  return Math.floor(time / periodMs) * periodMs;
}

/** The price at a time (Unix ms), which no exchange is further from than a tenth of a percent. */
export function trendAt(time: number): number {
  return 60_000 + 900 * Math.sin(time / HOUR_MS / 24);
}

/** Each exchange's candles up to the open one, oldest first, with prices a little apart. */
function candlesOf(now: number, periodMs: number): Record<Exchange, Candle[]> {
  const open = startOf(now, periodMs);
  const candles = (count: number, offset: number) =>
    Array.from({ length: count }, (_, i) => {
      const time = open - (count - 1 - i) * periodMs;
      const close = Math.round(10 * (trendAt(time) + offset)) / 10;
      return { time, open: close - 7, high: close + 30, low: close - 20, close };
    });
  return {
    kraken: candles(720, 0),
    // A minute without trades has no candle; the last 15 have one, so that they have two sources.
    coinbase: candles(300, 12.5).filter((_, i) => i % 17 !== 0 || i > 280),
    bitstamp: candles(1_001, -21.3),
  };
}

function bucketsOf(newest: number, { count, periodMs }: { count: number; periodMs: number }) {
  return rotate(Array.from({ length: count }, (_, i): Bucket => {
    const time = newest - i * periodMs;
    return { time, ratio: (1.5 + Math.sin(time / (2 * HOUR_MS))).toFixed(2) };
  }));
}

/** Neither ascending nor descending, as an order that is not promised can be. */
function rotate<T>(items: readonly T[]): T[] {
  const middle = Math.floor(items.length / 3);
  return [...items.slice(middle), ...items.slice(0, middle)];
}

/** The last candle is open. */
function closesOf(candles: readonly Candle[]): TimedValue[] {
  return candles.slice(0, -1).map(({ time, close }) => ({ time, value: close }));
}

function byTime(points: readonly TimedValue[]): Map<number, number> {
  return new Map(points.map(({ time, value }) => [time, value]));
}

function meansOf(candles: readonly Candle[]): TimedValue[] {
  return candles.map(({ time, open = 0, high = 0, low = 0, close }) => ({
    time,
    value: (open + high + low + close) / 4,
  }));
}

/** The medians; those of one exchange only from an hour before the first minute of two. */
function indexOf(sources: readonly (readonly TimedValue[])[]): TimedValue[] {
  const starts = sources.map((points) => points[0]?.time ?? 0).toSorted((a, b) => a - b);
  return medians(sources).filter(({ time }) => time >= (starts[1] ?? 0) - HOUR_MS);
}

/** The median per time, by counting: not the way the service computes it. */
function medians(sources: readonly (readonly TimedValue[])[]): TimedValue[] {
  const byTime = Map.groupBy(sources.flat(), ({ time }) => time);
  return [...byTime].map(([time, points]) => {
    const values = points.map(({ value }) => value).toSorted((a, b) => a - b);
    const [low = NaN] = values.slice((values.length - 1) >> 1);
    const [high = NaN] = values.slice(values.length >> 1);
    return { time, value: (low + high) / 2 };
  }).sort((a, b) => a.time - b.time);
}

function sentimentsOf(buckets: readonly Bucket[], newest: number): TimedValue[] {
  return buckets.filter(({ time }) => time <= newest).map(({ time, ratio }) => {
    const longs = Number(ratio);
    return { time, value: (longs - 1) / (longs + 1) };
  }).sort((a, b) => a.time - b.time);
}

function fromFirstFullHour(points: readonly TimedValue[]): TimedValue[] {
  const oldest = points[0]?.time ?? 0;
  return points.filter(({ time }) => time >= Math.ceil(oldest / HOUR_MS) * HOUR_MS);
}
