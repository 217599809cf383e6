import type { MetricsSources } from "../../src/observe/metrics.ts";
import { Tally } from "../../src/observe/tally.ts";

/** What the metrics read of a service that has just started, with `changes`. */
export function describeMetricsSources(changes: Partial<MetricsSources> = {}): MetricsSources {
  return {
    tally: new Tally(),
    clock: { now: () => 0, elapsed: () => 0 },
    summaries: { hits: 0, kept: undefined },
    series: { leftOut: { price: 0, sentiment: 0 } },
    streams: { size: 0 },
    eventLoop: { read: () => 0 },
    checkReadiness: () => Promise.reject(new Error("Redis is away")),
    loadFeed: () => Promise.resolve({ sources: [] }),
    build: { version: "1.2.3", feed: "test" },
    ...changes,
  };
}
