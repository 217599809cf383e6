/** One candle; the start in Unix milliseconds, prices in US dollars. */
export interface Candle {
  readonly time: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close: number;
}

/** One bucket of OKX: its start in Unix milliseconds, and longs per short. */
export interface Bucket {
  readonly time: number;
  readonly ratio: string;
}

/** Kraken's row; the prices are strings. */
export function krakenRow({ time, open, high, low, close }: Candle): unknown[] {
  const prices = [open ?? close, high ?? close, low ?? close, close].map((price) => `${price}`);
  return [time / 1_000, ...prices, "0.0", "0.00000000", 0];
}

/** Kraken's answer; the last candle is the open one. */
export function krakenAnswer(candles: readonly Candle[]) {
  const last = (candles.at(-2)?.time ?? 0) / 1_000;
  return { error: [], result: { XXBTZUSD: candles.map(krakenRow), last } };
}

/** Coinbase's row; all numbers, the low before the high. */
export function coinbaseRow({ time, open, high, low, close }: Candle): unknown[] {
  return [time / 1_000, low ?? close, high ?? close, open ?? close, close, 1.5];
}

/** Coinbase's answer: newest first. */
export function coinbaseAnswer(candles: readonly Candle[]) {
  return candles.toSorted((a, b) => b.time - a.time).map(coinbaseRow);
}

/** Bitstamp's row; all strings, the start too. */
export function bitstampRow({ time, open, high, low, close }: Candle): Record<string, string> {
  return {
    timestamp: `${time / 1_000}`,
    open: `${open ?? close}`,
    high: `${high ?? close}`,
    low: `${low ?? close}`,
    close: `${close}`,
    volume: "1.50000000",
  };
}

/** Bitstamp's answer, in the order of the candles. */
export function bitstampAnswer(candles: readonly Candle[]) {
  return { data: { pair: "BTC/USD", ohlc: candles.map(bitstampRow) } };
}

/** OKX's answer, in the order of the buckets. */
export function okxAnswer(buckets: readonly Bucket[]) {
  return { code: "0", msg: "", data: buckets.map(({ time, ratio }) => [`${time}`, ratio]) };
}
