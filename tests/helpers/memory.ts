import type {
  Claims,
  SeriesReader,
  SeriesWriter,
  Stored,
  SummaryCache,
} from "../../src/core/ports.ts";
import { type Average, type PerMetric, perMetric, type Sample } from "../../src/core/sample.ts";
import type { Summary } from "../../src/core/summary.ts";

/** The series in memory, computed the plain way: for tests of what stands on the port. */
export class MemorySeries implements SeriesReader, SeriesWriter {
  readonly #values = perMetric(() => new Map<number, number>());
  /** How often averages were read. */
  reads = 0;
  /** Thrown by every method while set. */
  failure: Error | undefined;

  create(): Promise<void> {
    return this.#answer(() => {});
  }

  add(samples: readonly Sample[]): Promise<Stored> {
    return this.#answer(() => {
      const fresh = samples.filter((sample) => this.#store(sample));
      return { stored: fresh.length, duplicates: samples.length - fresh.length, rejected: 0 };
    });
  }

  newest(): Promise<PerMetric<number | undefined>> {
    return this.#answer(() =>
      perMetric((metric) => [...this.#values[metric].keys()].sort((a, b) => a - b).at(-1))
    );
  }

  averages(from: number, bucketMs: number): Promise<PerMetric<Average[]>> {
    this.reads++;
    return this.#answer(() =>
      perMetric((metric) => averagesOf([...this.#values[metric]], from, bucketMs))
    );
  }

  #store({ metric, timestamp, value }: Sample): boolean {
    const values = this.#values[metric];
    if (values.has(timestamp)) return false;
    values.set(timestamp, value);
    return true;
  }

  #answer<T>(make: () => T): Promise<T> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(make());
  }
}

/** The summary cache in memory. */
export class MemorySummaryCache implements SummaryCache {
  summary: Summary | undefined;
  /** Thrown by every method while set. */
  failure: Error | undefined;

  async read(): Promise<Summary | undefined> {
    if (this.failure) throw this.failure;
    return await Promise.resolve(this.summary);
  }

  async write(summary: Summary): Promise<void> {
    if (this.failure) throw this.failure;
    this.summary = await Promise.resolve(summary);
  }

  async fill(summary: Summary): Promise<void> {
    await this.write(this.summary ?? summary);
  }
}

/** Claims in memory, shared by the instances of one test. */
export class MemoryClaims implements Claims {
  readonly #taken = new Set<string>();

  take(name: string): Promise<boolean> {
    const first = !this.#taken.has(name);
    this.#taken.add(name);
    return Promise.resolve(first);
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
