import { type Average, HOUR_MS } from "../samples/bucket.ts";
import { type Metric, type PerMetric, perMetric, type Sample } from "../samples/sample.ts";
import {
  type Client,
  OK_REPLY,
  type Point,
  POINT_REPLY,
  POINTS_REPLY,
  send,
  StoreError,
  unlessRefused,
} from "./command.ts";

const NO_SUCH_KEY = /the key does not exist/;

const ALREADY_EXISTS = /already exists/;

/** Parsing ten years of hours, 87,600 points, in one piece would block the process for 0.2 s. */
const MAX_POINTS_PER_REPLY = 5_000;

/** Clocks of instances and of Redis may differ by hours, but not by a day. */
const MAX_AHEAD_MS = 24 * HOUR_MS;

const MAX_REDIS_TIMESTAMP = "9223372036854775807";

/** Where the series are. */
export interface SeriesOptions {
  client: Client;
  keys: PerMetric<string>;
  /** Unix ms that never step back: what the newest samples are compared with. */
  forwardNow: () => number;
}

/** Reads one Redis time series per metric; every method throws a {@linkcode StoreError} when it cannot. */
export class Series {
  readonly #client: Client;
  readonly #keys: PerMetric<string>;
  readonly #forwardNow: () => number;
  /** How often a value was left out because it is no finite number. */
  readonly leftOut: PerMetric<number> = perMetric(() => 0);

  constructor({ client, keys, forwardNow }: SeriesOptions) {
    this.#client = client;
    this.#keys = keys;
    this.#forwardNow = forwardNow;
  }

  /** The newest timestamp of each series in Unix ms; `undefined` for an empty one. */
  newest(): Promise<PerMetric<number | undefined>> {
    return forEachMetric((metric) => this.#newest(metric));
  }

  /** The oldest timestamp of each series in Unix ms; `undefined` for an empty one. */
  oldest(): Promise<PerMetric<number | undefined>> {
    return forEachMetric(async (metric) => {
      const [oldest] = await this.timestamps(metric, ["-", "+", "COUNT", 1]);
      return oldest;
    });
  }

  /** The samples of a series between two times (Unix ms, inclusive), oldest first. */
  async samples(metric: Metric, from: number, to: number): Promise<Sample[]> {
    const points = this.#finite(metric, await this.#range(metric, [from, to]));
    return points.map(([timestamp, value]) => ({ metric, timestamp, value }));
  }

  /**
   * The averages of each series from `from` on (Unix ms), up to before `to` or the newest sample, per
   * bucket of `bucketMs`, oldest first.
   */
  averages(
    from: number,
    bucketMs: number,
    to?: number,
  ): Promise<PerMetric<readonly Average[]>> {
    const end = to === undefined ? "+" : to - 1;
    return forEachMetric(async (metric) => {
      const averages: Average[] = [];
      for (let start = from;;) {
        const span = [start, end, "COUNT", MAX_POINTS_PER_REPLY, "AGGREGATION", "avg", bucketMs];
        const points = await this.#range(metric, span);
        for (const [time, value] of this.#finite(metric, points)) averages.push({ time, value });
        const last = points.at(-1);
        if (last === undefined || points.length < MAX_POINTS_PER_REPLY) return averages;
        start = last[0] + bucketMs;
      }
    });
  }

  /** Creates the series of a metric; returns whether it was missing. One that exists keeps its retention. */
  async create(metric: Metric, retentionMs: number): Promise<boolean> {
    const key = this.#keys[metric];
    const policy = ["DUPLICATE_POLICY", "FIRST", "LABELS", "metric", metric] as const;
    const command = ["TS.CREATE", key, "RETENTION", retentionMs, ...policy] as const;
    const reply = send(this.#client, OK_REPLY, command);
    return await reply.then(() => true).catch(unlessRefused(ALREADY_EXISTS, false));
  }

  /** Reads the timestamps of samples; a series that does not exist has none. */
  async timestamps(metric: Metric, span: readonly (string | number)[]): Promise<number[]> {
    return (await this.#range(metric, span)).map(([timestamp]) => timestamp);
  }

  async #newest(metric: Metric): Promise<number | undefined> {
    const key = this.#keys[metric];
    const [timestamp, value] = await send(this.#client, POINT_REPLY, ["TS.GET", key])
      .catch(unlessRefused(NO_SUCH_KEY, []));
    if (timestamp === undefined) return undefined;
    if (timestamp > this.#forwardNow() + MAX_AHEAD_MS) throw hidingSample(key, timestamp);
    return Number.isFinite(value) ? timestamp : await this.#newestFinite(metric, timestamp);
  }

  /** The newest sample with a number, when the newest of all has none; goes back ever further. */
  async #newestFinite(metric: Metric, newest: number): Promise<number | undefined> {
    for (let reach = HOUR_MS;; reach *= 8) {
      const from = Math.max(0, newest - reach);
      const points = this.#finite(metric, await this.#range(metric, [from, newest]));
      if (points.length > 0 || from === 0) return points.at(-1)?.[0];
    }
  }

  #finite(metric: Metric, points: readonly Point[]): readonly Point[] {
    const finite = points.filter(([, value]) => Number.isFinite(value));
    this.leftOut[metric] += points.length - finite.length;
    return finite;
  }

  #range(metric: Metric, span: readonly (string | number)[]): Promise<Point[]> {
    const command = ["TS.RANGE", this.#keys[metric], ...span] as const;
    return send(this.#client, POINTS_REPLY, command).catch(unlessRefused(NO_SUCH_KEY, []));
  }
}

/** Redis counts the retention from the newest sample: one far ahead hides all others, and refuses new ones. */
function hidingSample(key: string, timestamp: number): StoreError {
  const isExact = Number.isSafeInteger(timestamp);
  const from = isExact ? timestamp : Number.MAX_SAFE_INTEGER;
  const to = isExact ? timestamp : MAX_REDIS_TIMESTAMP;
  return new StoreError(
    `${key} has a sample at ${timestamp}, more than a day ahead of the clock, ` +
      `which hides the others in Redis: delete it with TS.DEL ${key} ${from} ${to}`,
  );
}

/** Runs the same for each metric at once. */
export async function forEachMetric<T>(
  run: (metric: Metric) => Promise<T>,
): Promise<PerMetric<T>> {
  const [price, sentiment] = await Promise.all([run("price"), run("sentiment")]);
  return { price, sentiment };
}
