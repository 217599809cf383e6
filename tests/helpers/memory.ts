import type { Claim, ClaimName } from "../../src/redis/claims.ts";
import type { Stored } from "../../src/redis/series_writer.ts";
import type { LastRefresh } from "../../src/refresh/wire.ts";
import { type Average } from "../../src/samples/bucket.ts";
import { type Metric, type PerMetric, perMetric, type Sample } from "../../src/samples/sample.ts";

/** Where revisions in memory start. */
export const FIRST_REVISION = Date.UTC(2021, 0, 1);

/** A port in memory that a test can let fail. */
class MemoryPort {
  /** Thrown by every method while set. */
  failure: Error | undefined;

  protected async answer<T>(make: () => T): Promise<T> {
    if (this.failure) throw this.failure;
    return await Promise.resolve(make());
  }
}

/** The series in memory, computed in the plain way: for tests of what uses the port. */
export class MemorySeries extends MemoryPort {
  readonly #values = perMetric(() => new Map<number, number>());
  readonly #retentionMs: number;
  /** Labels what is stored now. */
  revision = FIRST_REVISION;
  /** How often averages were read. */
  reads = 0;
  /** How often the series were created. */
  creations = 0;

  /** @param retentionMs how far back from the newest sample the samples may reach */
  constructor(retentionMs = Infinity) {
    super();
    this.#retentionMs = retentionMs;
  }

  create(): Promise<void> {
    return this.answer(() => {
      this.creations++;
    });
  }

  add(samples: readonly Sample[]): Promise<Stored> {
    return this.answer(() => {
      const kept = samples.filter((sample) => !this.#isExpired(sample, samples));
      const fresh = kept.filter((sample) => this.#store(sample));
      if (fresh.length > 0) this.revision++;
      return {
        stored: fresh.length,
        duplicates: kept.length - fresh.length,
        rejected: 0,
        expired: samples.length - kept.length,
        ...fresh.length > 0 && { revision: this.revision },
      };
    });
  }

  newest(): Promise<PerMetric<number | undefined>> {
    return this.answer(() => perMetric((metric) => this.#timestamps(metric).at(-1)));
  }

  oldest(): Promise<PerMetric<number | undefined>> {
    return this.answer(() => perMetric((metric) => this.#timestamps(metric)[0]));
  }

  samples(metric: Metric, from: number, to: number): Promise<Sample[]> {
    return this.answer(() => {
      const times = this.#timestamps(metric).filter((time) => time >= from && time <= to);
      return times.map((timestamp) => ({
        metric,
        timestamp,
        value: this.#values[metric].get(timestamp) ?? NaN,
      }));
    });
  }

  averages(from: number, bucketMs: number): Promise<PerMetric<Average[]>> {
    this.reads++;
    return this.answer(() =>
      perMetric((metric) => averagesOf([...this.#values[metric]], from, bucketMs))
    );
  }

  #timestamps(metric: Metric): number[] {
    return [...this.#values[metric].keys()].sort((a, b) => a - b);
  }

  #isExpired({ metric, timestamp }: Sample, sent: readonly Sample[]): boolean {
    const sentTimes = sent.filter((sample) => sample.metric === metric).map((it) => it.timestamp);
    const newest = Math.max(...this.#timestamps(metric), ...sentTimes);
    return timestamp < newest - this.#retentionMs;
  }

  #store({ metric, timestamp, value }: Sample): boolean {
    const values = this.#values[metric];
    if (values.has(timestamp)) return false;
    values.set(timestamp, value);
    return true;
  }
}

/** Claims in memory, shared by the instances of one test. */
export class MemoryClaims extends MemoryPort {
  readonly #ends = new Map<ClaimName, number>();
  readonly #now: () => number;

  /** @param now a clock in milliseconds */
  constructor(now: () => number) {
    super();
    this.#now = now;
  }

  take(name: ClaimName, ms: number): Promise<Claim | undefined> {
    return this.answer(() => {
      if ((this.#ends.get(name) ?? -Infinity) > this.#now()) return undefined;
      const until = this.#now() + ms;
      this.#ends.set(name, until);
      return { endIn: (ms) => this.#endIn(name, ms, until) };
    });
  }

  #endIn(name: ClaimName, ms: number, until: number): Promise<void> {
    return this.answer(() => {
      if (this.#ends.get(name) === until) this.#ends.set(name, this.#now() + ms);
    });
  }
}

/** The result of the last refresh in memory. */
export class MemoryRefreshRecord extends MemoryPort {
  last: LastRefresh | undefined;

  read(): Promise<LastRefresh | undefined> {
    return this.answer(() => this.last);
  }

  write(last: LastRefresh): Promise<void> {
    return this.answer(() => {
      this.last = last;
    });
  }
}

/** The backfilled metrics in memory. */
export class MemoryBackfillMarks extends MemoryPort {
  done: ReadonlySet<Metric> = new Set();

  read(): Promise<ReadonlySet<Metric>> {
    return this.answer(() => this.done);
  }

  write(done: ReadonlySet<Metric>): Promise<void> {
    return this.answer(() => {
      this.done = done;
    });
  }
}

function averagesOf(points: [number, number][], from: number, bucketMs: number): Average[] {
  const buckets = Map.groupBy(
    points.filter(([timestamp]) => timestamp >= from),
    ([timestamp]) => Math.floor(timestamp / bucketMs) * bucketMs,
  );
  return [...buckets]
    .map(([time, rows]) => ({ time, value: rows.reduce((sum, [, v]) => sum + v, 0) / rows.length }))
    .sort((a, b) => a.time - b.time);
}
