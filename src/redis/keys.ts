import { type PerMetric, perMetric } from "../core/sample.ts";

/** The names of everything that is kept in Redis. */
export interface Keys {
  readonly series: PerMetric<string>;
  readonly cache: string;
  readonly claim: (name: string) => string;
}

/** Names the keys below `prefix`. */
export function keysBelow(prefix: string): Keys {
  return {
    series: perMetric((metric) => `${prefix}:${metric}:mean:30s`),
    cache: `${prefix}:cache`,
    claim: (name) => `${prefix}:claim:${name}`,
  };
}
