import type { ClaimName } from "./claims.ts";
import { type PerMetric, perMetric } from "../samples/sample.ts";

/** The names of everything that is kept in Redis. */
export interface Keys {
  readonly series: PerMetric<string>;
  readonly revision: string;
  readonly cache: string;
  readonly claims: Readonly<Record<ClaimName, string>>;
  readonly refresh: string;
  readonly backfilled: string;
  readonly state: string;
  /** The key of a webhook's record, by the hash of its address. */
  readonly delivered: (hash: string) => string;
  /** The channel of new summaries. */
  readonly updates: string;
}

/** The feed whose keys carry no feed name: they are older than the other feeds. */
const ORIGINAL_FEED = "senticrypt";

/** Names the keys of one feed below `prefix`. No two feeds share a key, so their data never mixes. */
export function keysBelow(prefix: string, feed: string = ORIGINAL_FEED): Keys {
  const root = feed === ORIGINAL_FEED ? prefix : `${prefix}:${feed}`;
  return {
    series: perMetric((metric) =>
      root === prefix ? `${root}:${metric}:mean:30s` : `${root}:${metric}`
    ),
    revision: `${root}:revision`,
    cache: `${root}:cache`,
    claims: { tick: `${root}:claim:tick`, refresh: `${root}:claim:refresh` },
    refresh: `${root}:refresh`,
    backfilled: `${root}:backfilled`,
    state: `${root}:state`,
    delivered: (hash) => `${root}:delivered:${hash}`,
    updates: `${root}:updates`,
  };
}
