import { Counter, Gauge, Registry } from "./prometheus.js";
import type { Clock } from "../samples/clock.ts";
import { RequestDurations } from "./request_durations.ts";
import type { Tally } from "./tally.ts";

const PREFIX = "is_bitcoin_lit";

/** What is read from the service whenever metrics are asked for. */
export interface MetricsSources {
  readonly tally: Pick<Tally, "requests" | "countsOf">;
  readonly clock: Clock;
  /** The reads that needed no load, and the newest summary. */
  readonly summaries: { readonly hits: number; readonly kept: { as_of: string } | undefined };
  /** How many values of each series were left out. */
  readonly series: { readonly leftOut: Readonly<Record<string, number>> };
  readonly streams: { readonly size: number };
  readonly eventLoop: { read(): number };
  /** The last refresh of any instance; rejects while Redis is away. */
  readonly checkReadiness: () => Promise<Health>;
  readonly loadFeed: () => Promise<FeedSources>;
  /** What runs, as labels. */
  readonly build: Readonly<Record<string, string>>;
}

interface FeedSources {
  readonly sources: readonly { readonly name: string }[];
  /** Is asked for what the others lack. */
  readonly reserve?: { readonly source: { readonly name: string } };
}

/** What the metrics show of the last refresh; times are ISO 8601, UTC, `null` before the first. */
interface Health {
  readonly sources: readonly { readonly source: string; readonly last_success: string | null }[];
  readonly degraded?: true;
  readonly last_tick: string | null;
}

type Counts = Readonly<Record<string, number>>;

/** A counter with one label, whose known values exist at 0 from the start. */
interface CounterDescription {
  readonly label: string;
  readonly help: string;
  readonly known: readonly string[];
  /** Reads what is counted outside the tally. */
  readonly read?: (sources: MetricsSources) => Counts | Promise<Counts>;
}

/** The counters, by the name between the prefix and `_total`. */
const COUNTERS = {
  refreshes: {
    label: "outcome",
    help: "Refreshes by outcome: ok, partial, or the name of the problem",
    known: [
      "ok",
      "partial",
      "feed-unavailable",
      "feed-invalid",
      "feed-timeout",
      "store-unavailable",
      "internal",
    ],
  },
  refresh_samples: {
    label: "fate",
    help: "Samples of the feed by outcome",
    known: ["stored", "duplicate", "rejected", "expired"],
  },
  source_failures: {
    label: "source",
    help: "Failures of a feed's sources",
    known: [],
    async read({ loadFeed }: MetricsSources): Promise<Counts> {
      const feed = await loadFeed().catch((): FeedSources => ({ sources: [] }));
      const sources = [...feed.sources, ...feed.reserve ? [feed.reserve.source] : []];
      return Object.fromEntries(sources.map(({ name }) => [name, 0]));
    },
  },
  webhooks: {
    label: "outcome",
    help: "Webhook deliveries by outcome: delivered, failed or gone",
    known: ["delivered", "failed", "gone"],
  },
  unhandled_errors: {
    label: "kind",
    help: "Errors that nothing handled: rejection or exception",
    known: ["rejection", "exception"],
  },
  reads: {
    label: "layer",
    help: "Reads of the summary by the layer that answered: near, cache or series",
    known: ["cache", "series"],
    read: ({ summaries }: MetricsSources) => ({ near: summaries.hits }),
  },
  values_left_out: {
    label: "metric",
    help: "Values read from a series and left out because they are no finite numbers",
    known: [],
    read: ({ series }: MetricsSources) => series.leftOut,
  },
} as const satisfies Readonly<Record<string, CounterDescription>>;

/** The name of a counter. */
export type CounterName = keyof typeof COUNTERS;

/** A gauge without labels; `undefined` stands for what is not known. */
interface GaugeDescription {
  readonly help: string;
  readonly read: (sources: MetricsSources) => number | undefined | Promise<number | undefined>;
}

/** The gauges, by the name behind the prefix. */
const GAUGES: Readonly<Record<string, GaugeDescription>> = {
  newest_sample_age_seconds: {
    help: "Seconds since the newest sample of both series, NaN while there is no summary",
    read: ({ summaries: { kept }, clock }) =>
      kept && (clock.now() - Date.parse(kept.as_of)) / 1_000,
  },
  event_streams: { help: "Open event streams", read: ({ streams }) => streams.size },
  event_loop_delay_seconds: {
    help: "The longest delay of the event loop in the last minute",
    read: ({ eventLoop }) => eventLoop.read(),
  },
  degraded: {
    help: "1 if a minute has one price source or sentiment is spliced, NaN if it is not known",
    async read(sources) {
      const health = await readHealth(sources);
      return health && Number(health.degraded ?? false);
    },
  },
  last_tick_timestamp_seconds: {
    help: "When a tick of any instance last refreshed, in Unix seconds; NaN while Redis is away",
    async read(sources) {
      const health = await readHealth(sources);
      return health && toSeconds(health.last_tick);
    },
  },
};

/** The service's metrics, in Prometheus' text format. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
}

/** Describes what the service counts; values are read whenever the metrics are rendered. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const { tally } = sources;
  new RequestDurations(`${PREFIX}_http_request_duration_seconds`, () => tally.requests, registry);
  for (const [name, counter] of Object.entries(COUNTERS)) {
    addCounter(registry, name as CounterName, counter, sources);
  }
  for (const [name, gauge] of Object.entries(GAUGES)) addGauge(registry, name, gauge, sources);
  addSources(registry, sources);
  addBuild(registry, sources);
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

/** Metrics must be readable while Redis is away, most of all then. */
async function readHealth({ checkReadiness }: MetricsSources): Promise<Health | undefined> {
  return await checkReadiness().catch(() => undefined);
}

function toSeconds(time: string | null): number {
  return time === null ? 0 : Date.parse(time) / 1_000;
}

function addCounter(
  registry: Registry,
  name: CounterName,
  { label, help, known, read }: CounterDescription,
  sources: MetricsSources,
): void {
  new Counter({
    name: `${PREFIX}_${name}_total`,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      const elsewhere = Object.entries(await read?.(sources) ?? {});
      this.reset();
      for (const value of known) this.inc({ [label]: value }, 0);
      for (const [value, count] of [...elsewhere, ...sources.tally.countsOf(name)]) {
        this.inc({ [label]: value }, count);
      }
    },
  });
}

function addGauge(
  registry: Registry,
  name: string,
  { help, read }: GaugeDescription,
  sources: MetricsSources,
): void {
  new Gauge({
    name: `${PREFIX}_${name}`,
    help,
    registers: [registry],
    async collect() {
      this.set(await read(sources) ?? NaN);
    },
  });
}

function addSources(registry: Registry, sources: MetricsSources): void {
  new Gauge({
    name: `${PREFIX}_source_last_success_timestamp_seconds`,
    help: "When a source of the feed last answered, in Unix seconds; 0 if it never did",
    labelNames: ["source"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { source, last_success } of (await readHealth(sources))?.sources ?? []) {
        this.set({ source }, toSeconds(last_success));
      }
    },
  });
}

function addBuild(registry: Registry, { build }: MetricsSources): void {
  new Gauge({
    name: `${PREFIX}_build_info`,
    help: "Always 1; its labels say which version runs, on which feed",
    labelNames: Object.keys(build),
    registers: [registry],
  }).set({ ...build }, 1);
}
