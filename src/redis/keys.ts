import { type PerMetric, perMetric } from "../core/sample.ts";

/** The names of everything that is kept in Redis. */
export interface Keys {
  readonly series: PerMetric<string>;
  readonly cache: string;
  readonly claim: (name: string) => string;
  /** The channel that tells of fresh summaries. */
  readonly updates: string;
}

/** The feed that the key names without a feed belong to: they are older than the other feeds. */
const ORIGINAL_FEED = "senticrypt";

/** Names the keys of one feed below `prefix`: no two feeds share any, so that none blend. */
export function keysBelow(prefix: string, feed: string = ORIGINAL_FEED): Keys {
  const isOriginal = feed === ORIGINAL_FEED;
  const root = isOriginal ? prefix : `${prefix}:${feed}`;
  return {
    series: perMetric((metric) => `${root}:${metric}${isOriginal ? ":mean:30s" : ""}`),
    cache: `${root}:cache`,
    claim: (name) => `${root}:claim:${name}`,
    updates: `${root}:updates`,
  };
}
