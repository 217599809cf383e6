import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { SourceHealth } from "../refresh/wire.ts";
import { BUCKET_SECONDS, type Durations, type Tally } from "./tally.ts";

const PREFIX = "is_bitcoin_lit";

/** What is read from the service whenever metrics are asked for. */
export interface MetricsSources {
  readonly tally: Tally;
  /** Seconds since the newest sample of both series; `undefined` while there is no summary. */
  readonly newestSampleAge: () => number | undefined;
  readonly openStreams: () => number;
  /** How many reads of the summary each layer has answered so far. */
  readonly readsByLayer: () => Readonly<Record<string, number>>;
  /** How many values read from a series were left out because they are no finite numbers. */
  readonly leftOutByMetric: () => Readonly<Record<string, number>>;
  /** The feed's sources after the last refresh of any instance. */
  readonly sources: () => Promise<readonly SourceHealth[]>;
  /** When a tick of any instance last refreshed, in Unix ms; 0 if none did, NaN if that is unknown. */
  readonly lastTick: () => Promise<number>;
  /** Whether that refresh found too few sources; `undefined` if it is not known. */
  readonly degraded: () => Promise<boolean | undefined>;
  /** The longest delay of the event loop in the last 30 to 60 s, in seconds. */
  readonly eventLoopDelay: () => number;
}

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
  addCounter(registry, {
    name: "refreshes",
    label: "outcome",
    help: "Refreshes by outcome: ok, partial, or the name of the problem",
    read: () => tally.refreshes,
  });
  addCounter(registry, {
    name: "refresh_samples",
    label: "fate",
    help: "Samples of the feed by outcome",
    read: () => tally.samples,
  });
  addCounter(registry, {
    name: "source_failures",
    label: "source",
    help: "Failures of a feed's sources",
    read: () => tally.sourceFailures,
  });
  addCounter(registry, {
    name: "webhooks",
    label: "outcome",
    help: "Webhook deliveries by outcome: delivered, failed or gone",
    read: () => tally.webhooks,
  });
  addCounter(registry, {
    name: "unhandled_errors",
    label: "kind",
    help: "Errors that nothing handled: rejection or exception",
    read: () => tally.unhandled,
  });
  addCounter(registry, {
    name: "reads",
    label: "layer",
    help: "Reads of the summary by the layer that answered: near, cache or series",
    read: () => Object.entries(sources.readsByLayer()),
  });
  addCounter(registry, {
    name: "values_left_out",
    label: "metric",
    help: "Values read from a series and left out because they are no finite numbers",
    read: () => Object.entries(sources.leftOutByMetric()),
  });
  addGauges(registry, sources);
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

function addGauges(registry: Registry, sources: MetricsSources): void {
  addGauge(registry, {
    name: "newest_sample_age_seconds",
    help: "Seconds since the newest sample of both series, NaN while there is no summary",
    read: () => sources.newestSampleAge() ?? NaN,
  });
  addGauge(registry, {
    name: "event_streams",
    help: "Open event streams",
    read: sources.openStreams,
  });
  addGauge(registry, {
    name: "event_loop_delay_seconds",
    help: "The longest delay of the event loop in the last 30 to 60 s",
    read: sources.eventLoopDelay,
  });
  addGauge(registry, {
    name: "degraded",
    help: "1 if the last refresh found a minute with a single price source, NaN if it is not known",
    read: async () => Number(await sources.degraded() ?? NaN),
  });
  addGauge(registry, {
    name: "last_tick_timestamp_seconds",
    help: "When a tick of any instance last refreshed, in Unix seconds; NaN while Redis is away",
    read: async () => await sources.lastTick() / 1_000,
  });
  new Gauge({
    name: `${PREFIX}_source_last_success_timestamp_seconds`,
    help: "When a source of the feed last answered, in Unix seconds; 0 if it never did",
    labelNames: ["source"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { source, last_success } of await sources.sources()) {
        this.set({ source }, last_success === null ? 0 : Date.parse(last_success) / 1_000);
      }
    },
  });
}

interface CounterDescription {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly read: () => Iterable<[label: string, count: number]>;
}

function addCounter(registry: Registry, { name, label, help, read }: CounterDescription): void {
  new Counter({
    name: `${PREFIX}_${name}_total`,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, count] of read()) this.inc({ [label]: value }, count);
    },
  });
}

interface GaugeDescription {
  readonly name: string;
  readonly help: string;
  readonly read: () => number | Promise<number>;
}

function addGauge(registry: Registry, { name, help, read }: GaugeDescription): void {
  new Gauge({
    name: `${PREFIX}_${name}`,
    help,
    registers: [registry],
    async collect() {
      this.set(await read());
    },
  });
}

/** A histogram of what the tally has counted: the client's own takes observations only. */
export class RequestDurations extends Gauge<string> {
  readonly #read: () => readonly Durations[];
  readonly #empty: Histogram<string>;

  constructor(name: string, read: () => readonly Durations[], registry: Registry) {
    const help = "How long requests took, by route pattern";
    super({ name, help, registers: [registry] });
    this.#empty = new Histogram({ name, help, registers: [] });
    this.#read = read;
  }

  override async get(): ReturnType<Gauge<string>["get"]> {
    const empty = await this.#empty.get();
    const values = this.#read().flatMap((durations) => toHistogramValues(empty.name, durations));
    return { ...empty, values };
  }
}

function toHistogramValues(name: string, durations: Durations) {
  const { method, route, status, counts, seconds } = durations;
  const labels = { method, route, status };
  let total = 0;
  const buckets = counts.map((count, i) => {
    const le = BUCKET_SECONDS[i] ?? "+Inf";
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total += count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: seconds },
    { metricName: `${name}_count`, labels, value: total },
  ];
}
