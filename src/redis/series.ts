import { StoreError } from "../core/errors.ts";
import type { SeriesReader, SeriesWriter, Stored } from "../core/ports.ts";
import { type Average, type Metric, METRICS, type PerMetric, type Sample } from "../core/sample.ts";
import { type Client, send, unlessRefused } from "./command.ts";
import { MADD_REPLY, OK_REPLY, type Point, POINT_REPLY, POINTS_REPLY } from "./replies.ts";

const NO_SUCH_KEY = /the key does not exist/;
const NOT_A_SERIES = /not a TSDB key/;
const ALREADY_EXISTS = /already exists/;

/** What the series in Redis need. */
export interface SeriesOptions {
  client: Client;
  keys: PerMetric<string>;
  retentionMs: number;
}

/** One Redis time series per metric. */
export class Series implements SeriesReader, SeriesWriter {
  readonly #client: Client;
  readonly #keys: PerMetric<string>;
  readonly #retentionMs: number;

  constructor({ client, keys, retentionMs }: SeriesOptions) {
    this.#client = client;
    this.#keys = keys;
    this.#retentionMs = retentionMs;
  }

  async create(): Promise<void> {
    await forEachMetric((metric) => this.#create(metric));
  }

  newest(): Promise<PerMetric<number | undefined>> {
    return forEachMetric((metric) => this.#newest(metric));
  }

  averages(from: number, bucketMs: number): Promise<PerMetric<Average[]>> {
    return forEachMetric((metric) => this.#averages(metric, from, bucketMs));
  }

  async add(samples: readonly Sample[]): Promise<Stored> {
    const newest = await this.newest();
    const missing = await forEachMetric((metric) =>
      this.#missing(firstPerTimestamp(samples, metric), metric, newest[metric])
    );
    const sent = METRICS.flatMap((metric) => missing[metric]);
    const rejected = await this.#insert(sent);
    return {
      stored: sent.length - rejected,
      duplicates: samples.length - sent.length,
      rejected,
    };
  }

  async #create(metric: Metric): Promise<void> {
    const options = ["RETENTION", this.#retentionMs, "DUPLICATE_POLICY", "FIRST"] as const;
    const command = [
      "TS.CREATE",
      this.#keys[metric],
      ...options,
      "LABELS",
      "metric",
      metric,
    ] as const;
    await send(this.#client, OK_REPLY, command).catch(unlessRefused(ALREADY_EXISTS, undefined));
  }

  async #newest(metric: Metric): Promise<number | undefined> {
    const command = ["TS.GET", this.#keys[metric]] as const;
    const [timestamp] = await send(this.#client, POINT_REPLY, command)
      .catch(unlessRefused(NO_SUCH_KEY, []));
    return timestamp;
  }

  async #averages(metric: Metric, from: number, bucketMs: number): Promise<Average[]> {
    const points = await this.#range(metric, [from, "+", "AGGREGATION", "avg", bucketMs]);
    return points.map(([time, value]) => ({ time, value }));
  }

  #range(metric: Metric, span: readonly (string | number)[]): Promise<Point[]> {
    const command = ["TS.RANGE", this.#keys[metric], ...span] as const;
    return send(this.#client, POINTS_REPLY, command).catch(unlessRefused(NO_SUCH_KEY, []));
  }

  /**
   * The samples that the series lacks, in ascending order. Only these are sent: an upsert of a sample
   * that is there makes Redis unpack a chunk, and it serves nobody meanwhile. To read a whole day
   * costs it a hundredth of that.
   */
  async #missing(
    samples: ReadonlyMap<number, Sample>,
    metric: Metric,
    newest = -Infinity,
  ): Promise<Sample[]> {
    const ascending = [...samples.values()].sort((a, b) => a.timestamp - b.timestamp);
    const oldest = ascending[0]?.timestamp ?? Infinity;
    if (oldest > newest) return ascending;
    const points = await this.#range(metric, [oldest, newest]);
    const stored = new Set(points.map(([timestamp]) => timestamp));
    return ascending.filter(({ timestamp }) => !stored.has(timestamp));
  }

  /** Sends samples; where a series has vanished, makes it and sends its samples again, once. */
  async #insert(samples: readonly Sample[]): Promise<number> {
    const refused = await this.#madd(samples);
    const homeless = refused.filter(({ reason }) => NOT_A_SERIES.test(reason));
    if (homeless.length === 0) return refused.length;
    await this.create();
    const refusedAgain = await this.#madd(homeless.map(({ sample }) => sample));
    if (refusedAgain.some(({ reason }) => NOT_A_SERIES.test(reason))) {
      throw new StoreError(
        "A key of the store holds another type: delete it or set another KEY_PREFIX",
      );
    }
    return refused.length - homeless.length + refusedAgain.length;
  }

  async #madd(samples: readonly Sample[]): Promise<Refusal[]> {
    if (samples.length === 0) return [];
    const triples = samples.flatMap(({ metric, timestamp, value }) => [
      this.#keys[metric],
      timestamp,
      value,
    ]);
    const replies = await send(this.#client, MADD_REPLY, ["TS.MADD", ...triples]);
    return samples.flatMap((sample, i) => {
      const reply = replies[i];
      return reply instanceof Error ? [{ sample, reason: reply.message }] : [];
    });
  }
}

interface Refusal {
  readonly sample: Sample;
  readonly reason: string;
}

async function forEachMetric<T>(act: (metric: Metric) => Promise<T>): Promise<PerMetric<T>> {
  const [price, sentiment] = await Promise.all([act("price"), act("sentiment")]);
  return { price, sentiment };
}

function firstPerTimestamp(samples: readonly Sample[], metric: Metric): Map<number, Sample> {
  const first = new Map<number, Sample>();
  for (const sample of samples) {
    if (sample.metric === metric && !first.has(sample.timestamp)) {
      first.set(sample.timestamp, sample);
    }
  }
  return first;
}
