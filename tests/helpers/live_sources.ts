import { HOUR_MS } from "../../src/core/summary.ts";
import { type LocalServer, serveLocally } from "./local_server.ts";

const MINUTE_MS = 60_000;

/** One of Kraken's candles; times in Unix milliseconds. */
export interface Candle {
  readonly time: number;
  readonly close?: string;
  /** The volume-weighted average. */
  readonly average?: string;
  readonly trades?: number;
}

/** One of OKX's buckets: its start in Unix milliseconds, and longs per short. */
export interface Bucket {
  readonly time: number;
  readonly ratio: string;
}

/** Kraken and OKX on loopback, and the values that are to be stored of what they give. */
export interface LiveSources extends AsyncDisposable {
  readonly kraken: LocalServer;
  readonly okx: LocalServer;
  /** What each answers; a test may change it. */
  readonly respond: Record<"kraken" | "okx", () => Response>;
  readonly price: readonly TimedValue[];
  readonly sentiment: readonly TimedValue[];
}

/** A value at a time in Unix milliseconds. */
export interface TimedValue {
  readonly time: number;
  readonly value: number;
}

/** A row as Kraken gives it. */
export function krakenRow({ time, close = "37200.0", average = "37100.0", trades = 320 }: Candle) {
  const volume = trades > 0 ? "150.50000000" : "0.00000000";
  return [time / 1_000, "37000.0", "37500.0", "36800.0", close, average, volume, trades];
}

/** What Kraken answers: all but the last candle are closed. */
export function krakenAnswer(candles: readonly Candle[]) {
  const last = (candles.at(-2)?.time ?? 0) / 1_000;
  return { error: [], result: { XXBTZUSD: candles.map(krakenRow), last } };
}

/** What OKX answers, in the order that is given. */
export function okxAnswer(buckets: readonly Bucket[]) {
  return { code: "0", msg: "", data: buckets.map(({ time, ratio }) => [String(time), ratio]) };
}

/** Kraken's candles at `now`: twelve hours, some without trades, the last one open. */
export function simulateCandles(now: number): Candle[] {
  const open = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return Array.from({ length: 720 }, (_, i) => {
    const time = open - (719 - i) * MINUTE_MS;
    const price = (60_000 + 900 * Math.sin(time / HOUR_MS)).toFixed(1);
    const quiet = i % 11 === 0;
    return { time, close: price, average: quiet ? "0.0" : price, trades: quiet ? 0 : 17 };
  });
}

/** OKX's buckets of two days, the youngest begun at `newest`, in no order. */
export function simulateBuckets(newest: number): Bucket[] {
  const buckets = Array.from({ length: 576 }, (_, i) => {
    const time = newest - i * 5 * MINUTE_MS;
    return { time, ratio: (1.5 + Math.sin(time / (2 * HOUR_MS))).toFixed(2) };
  });
  return [...buckets.slice(200), ...buckets.slice(0, 200)];
}

/** Serves twelve hours of Kraken's and two days of OKX's before now. */
export function serveSources(): LiveSources {
  const now = Date.now();
  const candles = simulateCandles(now);
  // Two minutes, seven, twelve …: whatever the time, two are young for as long as the test runs.
  const buckets = simulateBuckets(now - 2 * MINUTE_MS);
  const respond = {
    kraken: () => Response.json(krakenAnswer(candles)),
    okx: () => Response.json(okxAnswer(buckets)),
  };
  const kraken = serveLocally(() => respond.kraken());
  const okx = serveLocally(() => respond.okx());
  return {
    ...{ kraken, okx, respond },
    price: candles.slice(0, -1).map(({ time, close, average, trades }) => ({
      ...{ time, value: Number(trades === 0 ? close : average) },
    })),
    sentiment: buckets.filter(({ time }) => now - time >= 10 * MINUTE_MS).map((
      { time, ratio },
    ) => ({
      ...{ time, value: (Number(ratio) - 1) / (Number(ratio) + 1) },
    })).sort((a, b) => a.time - b.time),
    async [Symbol.asyncDispose]() {
      await Promise.all([kraken, okx].map((server) => server[Symbol.asyncDispose]()));
    },
  };
}
