/** One candle; the start in Unix milliseconds, prices in US dollars. */
export interface Candle {
  readonly time: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close: number;
  /** @default 1.5 */
  readonly volume?: number;
}

/** One bucket of a ratio of accounts: its start in Unix milliseconds, and longs per short. */
export interface Bucket {
  readonly time: number;
  readonly ratio: string;
}

/** Kraken's row; the prices are strings. */
export function krakenRow(candle: Candle): unknown[] {
  const { time, open, high, low, close, volume } = complete(candle);
  const prices = [open, high, low, close].map((price) => `${price}`);
  return [time / 1_000, ...prices, `${volume && close}`, volume.toFixed(8), volume && 7];
}

/** Kraken's answer; the last candle is the open one. */
export function krakenAnswer(candles: readonly Candle[]) {
  const last = (candles.at(-2)?.time ?? 0) / 1_000;
  return { error: [], result: { XXBTZUSD: candles.map(krakenRow), last } };
}

/** Coinbase's row; all numbers, the low before the high. */
export function coinbaseRow(candle: Candle): unknown[] {
  const { time, open, high, low, close, volume } = complete(candle);
  return [time / 1_000, low, high, open, close, volume];
}

/** Coinbase's answer: newest first. */
export function coinbaseAnswer(candles: readonly Candle[]) {
  return candles.toSorted((a, b) => b.time - a.time).map(coinbaseRow);
}

/** Bitstamp's row; all strings, the start too. */
export function bitstampRow(candle: Candle): Record<string, string> {
  const { time, open, high, low, close, volume } = complete(candle);
  return {
    timestamp: `${time / 1_000}`,
    open: `${open}`,
    high: `${high}`,
    low: `${low}`,
    close: `${close}`,
    volume: volume.toFixed(8),
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

/** Bybit's answer, newest first: shares of accounts that sum up to one. */
export function bybitAnswer(buckets: readonly Bucket[]) {
  const list = buckets.toSorted((a, b) => b.time - a.time).map(({ time, ratio }) => {
    const buys = Number(ratio) / (Number(ratio) + 1);
    return {
      symbol: "BTCUSDT",
      buyRatio: buys.toFixed(4),
      sellRatio: (1 - buys).toFixed(4),
      timestamp: `${time}`,
    };
  });
  return {
    retCode: 0,
    retMsg: "OK",
    result: { list, nextPageCursor: "" },
    retExtInfo: {},
    time: 0,
  };
}

function complete({ time, close, open = close, high, low, volume = 1.5 }: Candle) {
  return {
    time,
    open,
    high: high ?? Math.max(open, close),
    low: low ?? Math.min(open, close),
    close,
    volume,
  };
}
