import { Gauge, Histogram, type Registry } from "./prometheus.js";
import { BUCKET_SECONDS, type Durations } from "./tally.ts";

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
