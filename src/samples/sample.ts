/** What is measured: `price` in US dollars, `sentiment` in −1…1. */
export const METRICS = ["price", "sentiment"] as const;

/** One of {@linkcode METRICS}. */
export type Metric = (typeof METRICS)[number];

/** One value per metric. */
export type PerMetric<T> = Record<Metric, T>;

/** One measurement: `timestamp` in Unix milliseconds (integer), `value` finite, in its metric's unit. */
export interface Sample {
  readonly metric: Metric;
  readonly timestamp: number;
  readonly value: number;
}

/** Bitcoin's first year: no sample can be older. */
const OLDEST_MS = Date.UTC(2009, 0, 1);

/** How far ahead of the clock a time may lie: clocks of machines differ by minutes. */
export const MAX_AHEAD_MS = 5 * 60_000;

const MAX_PRICE_USD = 1e9;

/** Builds one value per metric. */
export function perMetric<T>(make: (metric: Metric) => T): PerMetric<T> {
  return { price: make("price"), sentiment: make("sentiment") };
}

/**
 * Whether a sample can be real at the time `now` (Unix ms). One far ahead would move `as_of` and push
 * real samples out of the retention; a price of 1e300 would spoil every average of its hour.
 */
export function isPlausible(sample: Sample, now: number): boolean {
  return isPlausibleTime(sample.timestamp, now) && isPlausibleValue(sample);
}

/** Fails for seconds read as milliseconds, and the reverse. */
function isPlausibleTime(timestamp: number, now: number): boolean {
  return Number.isInteger(timestamp) && timestamp >= OLDEST_MS && timestamp <= now + MAX_AHEAD_MS;
}

function isPlausibleValue({ metric, value }: Sample): boolean {
  return metric === "price" ? value > 0 && value <= MAX_PRICE_USD : Math.abs(value) <= 1;
}
