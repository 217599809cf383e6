/** What is measured: `price` in US dollars, `sentiment` in −1…1. */
export const METRICS = ["price", "sentiment"] as const;

/** One of {@linkcode METRICS}. */
export type Metric = (typeof METRICS)[number];

/** One thing per metric. */
export type PerMetric<T> = Record<Metric, T>;

/** One measurement: `timestamp` in Unix milliseconds (integer), `value` finite, in its metric's unit. */
export interface Sample {
  readonly metric: Metric;
  readonly timestamp: number;
  readonly value: number;
}

/** The average of a series over one bucket; `time` is the bucket's start in Unix milliseconds. */
export interface Average {
  readonly time: number;
  readonly value: number;
}

/** Makes one thing per metric. */
export function perMetric<T>(make: (metric: Metric) => T): PerMetric<T> {
  return { price: make("price"), sentiment: make("sentiment") };
}
