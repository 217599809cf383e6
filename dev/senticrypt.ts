import { DAY_MS, HOUR_MS } from "../src/samples/bucket.ts";

const ROW_MS = 30_000;

/** As many hours as a first start loads. */
const HOURS = 720;

/** What came before is flat. */
const WALK_START = Date.UTC(2020, 0, 1);

/** A walk of one step per hour, which drifts back to 0 slowly: by far less than it varies. */
interface Walk {
  readonly seed: number;
  /** The largest step. */
  readonly step: number;
  /** What is left of a level after an hour. */
  readonly keeps: number;
  readonly valueOf: (level: number) => number;
}

const PRICE: Walk = {
  seed: 1,
  step: 0.008,
  keeps: 0.999,
  valueOf: (level) => 60_000 * Math.exp(level),
};

const SENTIMENT: Walk = {
  seed: 2,
  step: 0.05,
  keeps: 0.99,
  valueOf: (level) => Math.tanh(0.1 + level),
};

/** A row of SentiCrypt v1. */
export interface SentiCryptRow {
  readonly count: number;
  readonly timestamp: number;
  readonly rate: number;
  readonly last: number;
  readonly sum: number;
  readonly mean: number;
  readonly median: number;
  readonly btc_price: string;
}

/** A simulated SentiCrypt endpoint that listens. */
export interface SimulatedSentiCrypt extends AsyncDisposable {
  readonly url: string;
}

/**
 * Serves the simulated rows of the last 24 hours, and with `period=1h` the hours of the last 30 days, on a
 * free port of the loopback interface.
 */
export function serveSimulatedSentiCrypt(clock: () => number = Date.now): SimulatedSentiCrypt {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
      const simulate = new URL(url).searchParams.get("period") === "1h"
        ? simulateHours
        : simulateRows;
      return Response.json(simulate(clock()));
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1/bitcoin.json`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Simulates the rows of the 24 hours before `now` (Unix ms), oldest first; a time always has the same row. */
export function simulateRows(now: number): SentiCryptRow[] {
  const count = DAY_MS / ROW_MS;
  const oldest = (Math.floor(now / ROW_MS) - count + 1) * ROW_MS;
  const [price, sentiment] = [walkTo(PRICE, now), walkTo(SENTIMENT, now)];
  return Array.from({ length: count }, (_, i) => {
    const time = oldest + i * ROW_MS;
    return rowOf(time, { price: valueAt(price, time), sentiment: valueAt(sentiment, time) });
  });
}

/** Simulates the averages of the 720 full hours before `now` (Unix ms), oldest first. */
export function simulateHours(now: number): SentiCryptRow[] {
  const oldest = (Math.floor(now / HOUR_MS) - HOURS) * HOUR_MS;
  const [price, sentiment] = [walkTo(PRICE, now), walkTo(SENTIMENT, now)];
  return Array.from({ length: HOURS }, (_, i) => {
    const time = oldest + i * HOUR_MS;
    const middle = time + HOUR_MS / 2;
    return rowOf(time, { price: valueAt(price, middle), sentiment: valueAt(sentiment, middle) });
  });
}

function rowOf(
  time: number,
  { price, sentiment }: { price: number; sentiment: number },
): SentiCryptRow {
  const mean = Number(sentiment.toFixed(4));
  const count = 7_000 + Math.round(500 * Math.sin(time / DAY_MS));
  return {
    count,
    timestamp: time / 1_000,
    rate: 5.5,
    last: mean,
    sum: Number((mean * count).toFixed(2)),
    mean,
    median: mean,
    btc_price: price.toFixed(2),
  };
}

/** The values at the start of each hour since the walk began, to the one after `now`. */
function walkTo({ seed, step, keeps, valueOf }: Walk, now: number): readonly number[] {
  const hours = Math.max(Math.floor((now - WALK_START) / HOUR_MS) + 2, 1);
  let level = 0;
  return Array.from({ length: hours }, (_, hour) => {
    level = keeps * level + step * noiseAt(hour, seed);
    return valueOf(level);
  });
}

/** Between the starts of two hours the value moves evenly, with a ripple that leaves their mean alone. */
function valueAt(values: readonly number[], time: number): number {
  const hours = Math.max((time - WALK_START) / HOUR_MS, 0);
  const hour = Math.floor(hours);
  const [start = NaN, end = start] = [values[hour], values[hour + 1]];
  const passed = hours - hour;
  const ripple = 0.15 * Math.sin(8 * Math.PI * passed);
  return start + (end - start) * (passed + ripple);
}

/** From −1 to 1, always the same for an hour and a seed, and unrelated to that of any other. */
function noiseAt(hour: number, seed: number): number {
  let bits = Math.imul(hour + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  for (const factor of [0x7feb352d, 0x846ca68b]) {
    bits = Math.imul(bits ^ (bits >>> 15), factor);
  }
  return ((bits ^ (bits >>> 16)) >>> 0) / 0x80000000 - 1;
}
