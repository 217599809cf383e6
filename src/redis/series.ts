import type { SeriesReader } from "../core/ports.ts";
import type { Average, Metric, PerMetric } from "../core/sample.ts";
import { type Client, send, unlessRefused } from "./command.ts";
import { OK_REPLY, type Point, POINT_REPLY, POINTS_REPLY } from "./replies.ts";

const NO_SUCH_KEY = /the key does not exist/;
const ALREADY_EXISTS = /already exists/;

/** Where the series are. */
export interface SeriesOptions {
  client: Client;
  keys: PerMetric<string>;
}

/** Reads one Redis time series per metric. */
export class Series implements SeriesReader {
  readonly #client: Client;
  readonly #keys: PerMetric<string>;

  constructor({ client, keys }: SeriesOptions) {
    this.#client = client;
    this.#keys = keys;
  }

  newest(): Promise<PerMetric<number | undefined>> {
    return forEachMetric((metric) => this.#newest(metric));
  }

  oldest(): Promise<PerMetric<number | undefined>> {
    return forEachMetric(async (metric) => {
      const [oldest] = await this.range(metric, ["-", "+", "COUNT", 1]);
      return oldest?.[0];
    });
  }

  averages(from: number, bucketMs: number): Promise<PerMetric<Average[]>> {
    return forEachMetric(async (metric) => {
      const points = await this.range(metric, [from, "+", "AGGREGATION", "avg", bucketMs]);
      return points.map(([time, value]) => ({ time, value }));
    });
  }

  /** Creates the series of a metric; one that exists keeps its retention. */
  async create(metric: Metric, retentionMs: number): Promise<void> {
    const key = this.#keys[metric];
    const policy = ["DUPLICATE_POLICY", "FIRST", "LABELS", "metric", metric] as const;
    const command = ["TS.CREATE", key, "RETENTION", retentionMs, ...policy] as const;
    await send(this.#client, OK_REPLY, command).catch(unlessRefused(ALREADY_EXISTS, undefined));
  }

  /** Reads points; a series that does not exist has none. */
  range(metric: Metric, span: readonly (string | number)[]): Promise<Point[]> {
    const command = ["TS.RANGE", this.#keys[metric], ...span] as const;
    return send(this.#client, POINTS_REPLY, command).catch(unlessRefused(NO_SUCH_KEY, []));
  }

  async #newest(metric: Metric): Promise<number | undefined> {
    const command = ["TS.GET", this.#keys[metric]] as const;
    const [timestamp] = await send(this.#client, POINT_REPLY, command)
      .catch(unlessRefused(NO_SUCH_KEY, []));
    return timestamp;
  }
}

/** Runs the same for each metric at once. */
export async function forEachMetric<T>(
  run: (metric: Metric) => Promise<T>,
): Promise<PerMetric<T>> {
  const [price, sentiment] = await Promise.all([run("price"), run("sentiment")]);
  return { price, sentiment };
}
