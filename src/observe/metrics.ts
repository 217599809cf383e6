import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { BUCKET_SECONDS, type Durations, type Tally } from "./tally.ts";

const PREFIX = "is_bitcoin_lit";
const DURATIONS_NAME = `${PREFIX}_http_request_duration_seconds`;
const NANOSECONDS_PER_SECOND = 1e9;
const EVENT_LOOP_RESOLUTION_MS = 10;

/** What is read from the service whenever metrics are asked for. */
export interface MetricsSources {
  readonly tally: Tally;
  /** Seconds since the newest sample of both series; none while there is no summary. */
  readonly newestSampleAge: () => number | undefined;
  readonly openStreams: () => number;
  /** How many reads of the summary each layer has answered so far. */
  readonly readsByLayer: () => Readonly<Record<string, number>>;
}

/** The service's metrics, in Prometheus' text format. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
}

/** Describes what the service counts; nothing is read before it is asked for. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new RequestDurations(() => sources.tally.requests, registers);
  addCounter(registers, {
    ...{ name: "refreshes", label: "outcome", read: () => sources.tally.refreshes },
    help: "Refreshes by outcome: ok, or the type of the problem",
  });
  addCounter(registers, {
    ...{ name: "refresh_samples", label: "fate", read: () => sources.tally.samples },
    help: "Samples the feed gave, by what became of them",
  });
  addCounter(registers, {
    ...{ name: "summary_reads", label: "layer" },
    read: () => Object.entries(sources.readsByLayer()),
    help: "Reads of the summary by the layer that answered: near, cache or series",
  });
  addGauge(registers, {
    ...{ name: "newest_sample_age_seconds", read: () => sources.newestSampleAge() ?? NaN },
    help: "Seconds since the newest sample of both series, NaN while there is no summary",
  });
  addGauge(registers, {
    ...{ name: "event_streams", read: sources.openStreams, help: "Open event streams" },
  });
  addGauge(registers, {
    ...{ name: "event_loop_delay_seconds", read: createDelayReader() },
    help: "The event loop's delay since the last look, 99th percentile",
  });
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

/** A histogram of what the tally has counted: prom-client's own takes observations only. */
class RequestDurations extends Gauge<string> {
  readonly #read: () => readonly Durations[];
  readonly #empty: Histogram<string>;

  constructor(read: () => readonly Durations[], registers: Registry[]) {
    const description = { name: DURATIONS_NAME, help: "How long requests took, by route pattern" };
    super({ ...description, registers });
    this.#empty = new Histogram({ ...description, registers: [] });
    this.#read = read;
  }

  override async get(): ReturnType<Gauge<string>["get"]> {
    return { ...await this.#empty.get(), values: this.#read().flatMap(toHistogramValues) };
  }
}

function toHistogramValues({ method, route, status, counts, seconds }: Durations) {
  const labels = { method, route, status };
  let total = 0;
  const buckets = counts.map((count, i) => {
    const le = BUCKET_SECONDS[i] ?? "+Inf";
    const metricName = `${DURATIONS_NAME}_bucket`;
    return { metricName, labels: { le, ...labels }, value: total += count };
  });
  return [
    ...buckets,
    { metricName: `${DURATIONS_NAME}_sum`, labels, value: seconds },
    { metricName: `${DURATIONS_NAME}_count`, labels, value: total },
  ];
}

interface CounterDescription {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly read: () => Iterable<[label: string, count: number]>;
}

function addCounter(registers: Registry[], { name, label, help, read }: CounterDescription): void {
  new Counter({
    ...{ name: `${PREFIX}_${name}_total`, help, labelNames: [label], registers },
    collect() {
      this.reset();
      for (const [value, count] of read()) this.inc({ [label]: value }, count);
    },
  });
}

interface GaugeDescription {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

function addGauge(registers: Registry[], { name, help, read }: GaugeDescription): void {
  new Gauge({
    ...{ name: `${PREFIX}_${name}`, help, registers },
    collect() {
      this.set(read());
    },
  });
}

function createDelayReader(): () => number {
  const delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  delay.enable();
  return () => {
    const seconds = delay.percentile(99) / NANOSECONDS_PER_SECOND;
    delay.reset();
    return seconds;
  };
}
