import { Lazy } from "@std/async/lazy";
import { type Config, hasFrozenFeed } from "../config.ts";
import { contain } from "../contain.ts";
import { createApp } from "../app.ts";
import { createHandler, type Handler } from "../http/handler.ts";
import type { MetricsText } from "../observe/routes.ts";
import type { EventLoopMonitor } from "../observe/event_loop.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Tally } from "../observe/tally.ts";
import { createRecent } from "../http/recent.ts";
import type { CompleteParts } from "./parts.ts";
import type { Reads } from "./reads.ts";
import type { Writes } from "./writes.ts";

const EPOCH = "1970-01-01T00:00:00Z";

/** What the HTTP side is built from. */
export interface WebOptions {
  config: Config;
  parts: CompleteParts;
  reads: Reads;
  writes: Writes;
  tally: Tally;
  eventLoop: EventLoopMonitor;
}

/** Creates the handler of all requests. */
export function createWeb(options: WebOptions): Handler {
  const { config, parts, reads, writes, tally } = options;
  const app = createApp({
    ...config,
    ...parts,
    ...reads,
    ...writes,
    hasFrozenFeed: hasFrozenFeed(config),
    readMetrics: createMetricsReader(options),
  });
  return createHandler(app, {
    onRequest: parts.onRequest && contain("mark a request", parts.onRequest, parts.log),
    onAnswer: contain("count a request", (answered) => tally.countRequest(answered), parts.log),
    log: parts.log,
  });
}

/** Loads the metrics when they are first asked for: loading them takes a fifth of the start. */
function createMetricsReader(options: WebOptions): () => Promise<MetricsText> {
  const metrics = new Lazy(() => loadMetrics(options));
  return createRecent(async () => {
    const { contentType, render }: Metrics = await metrics.get();
    return { contentType, text: await render() };
  }, options.parts.clock);
}

async function loadMetrics({ parts, reads, tally, eventLoop }: WebOptions): Promise<Metrics> {
  const { createMetrics } = await import("../observe/metrics.ts");
  const { summaries, streams, countReads, countLeftOut, checkReadiness } = reads;
  return createMetrics({
    tally,
    newestSampleAge: () =>
      summaries.kept && (parts.clock.now() - Date.parse(summaries.kept.as_of)) / 1_000,
    openStreams: () => streams.size,
    readsByLayer: countReads,
    leftOutByMetric: countLeftOut,
    // Metrics must be readable while Redis is away, most of all then.
    sources: () => checkReadiness().then(({ sources }) => sources, () => []),
    degraded: () => checkReadiness().then(({ degraded = false }) => degraded, () => undefined),
    lastTick: () =>
      checkReadiness().then(({ last_tick }) => Date.parse(last_tick ?? EPOCH), () => NaN),
    eventLoopDelay: () => eventLoop.read(),
  });
}
