import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

const PREFIX = "is_bitcoin_lit";
const NANOSECONDS_PER_SECOND = 1e9;
const EVENT_LOOP_RESOLUTION_MS = 10;

const REQUEST_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 10];

/** What is read from the service whenever metrics are asked for. */
export interface MetricsSources {
  /** Seconds since the newest sample of both series; none while there is no summary. */
  readonly newestSampleAge: () => number | undefined;
  readonly openStreams: () => number;
  /** How many reads of the summary each layer has answered so far. */
  readonly readsByLayer: () => Readonly<Record<string, number>>;
}

/** One answered request, its path as a pattern. */
export interface RequestSample {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** What a refresh came to: its outcome, and what became of the samples. */
export interface RefreshSample {
  readonly outcome: string;
  readonly samples?: Readonly<Record<string, number>>;
}

type Duration = Pick<Histogram.Internal<string>, "observe">;

/** The service's metrics, in Prometheus' text format. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<"method" | "route" | "status">;
  readonly #durations = new Map<string, Map<number, Duration>>();
  readonly #refreshes: Counter<"outcome">;
  readonly #samples: Counter<"fate">;

  constructor(sources: MetricsSources) {
    const registers = [this.#registry];
    this.#requests = new Histogram({
      name: `${PREFIX}_http_request_duration_seconds`,
      help: "How long requests took, by route pattern",
      labelNames: ["method", "route", "status"],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.#refreshes = new Counter({
      name: `${PREFIX}_refreshes_total`,
      help: "Refreshes by outcome: ok, or the type of the problem",
      labelNames: ["outcome"],
      registers,
    });
    this.#samples = new Counter({
      name: `${PREFIX}_refresh_samples_total`,
      help: "Samples the feed gave, by what became of them",
      labelNames: ["fate"],
      registers,
    });
    registerSources(sources, registers);
  }

  /** The type of what {@linkcode render} gives. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts a request. */
  countRequest({ method, route, status, seconds }: RequestSample): void {
    // Two lookups that make no string cost a read less than prom-client's own by labels.
    const key = method === "GET" ? route : `${method} ${route}`;
    const byStatus = this.#durations.get(key) ?? new Map<number, Duration>();
    let duration = byStatus.get(status);
    if (duration === undefined) {
      duration = this.#requests.labels({ method, route, status: String(status) });
      this.#durations.set(key, byStatus.set(status, duration));
    }
    duration.observe(seconds);
  }

  /** Counts a refresh. */
  countRefresh({ outcome, samples = {} }: RefreshSample): void {
    this.#refreshes.inc({ outcome });
    for (const [fate, count] of Object.entries(samples)) this.#samples.inc({ fate }, count);
  }

  /** All metrics as text. */
  render(): Promise<string> {
    return this.#registry.metrics();
  }
}

function registerSources(sources: MetricsSources, registers: Registry[]): void {
  const delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  delay.enable();
  new Gauge({
    name: `${PREFIX}_newest_sample_age_seconds`,
    help: "Seconds since the newest sample of both series, NaN while there is no summary",
    registers,
    collect() {
      this.set(sources.newestSampleAge() ?? NaN);
    },
  });
  new Gauge({
    name: `${PREFIX}_event_streams`,
    help: "Open event streams",
    registers,
    collect() {
      this.set(sources.openStreams());
    },
  });
  new Counter({
    name: `${PREFIX}_summary_reads_total`,
    help: "Reads of the summary by the layer that answered: near, cache or series",
    labelNames: ["layer"],
    registers,
    collect() {
      this.reset();
      for (const [layer, reads] of Object.entries(sources.readsByLayer())) {
        this.inc({ layer }, reads);
      }
    },
  });
  new Gauge({
    name: `${PREFIX}_event_loop_delay_seconds`,
    help: "The event loop's delay since the last look, 99th percentile",
    registers,
    collect() {
      this.set(delay.percentile(99) / NANOSECONDS_PER_SECOND);
      delay.reset();
    },
  });
}
