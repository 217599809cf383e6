import { parseSummary } from "../../src/summary/cache.ts";
import { HOUR, KEYS, type ModelInstance } from "./model_instance.ts";
import type { ModelStore } from "./model_store.ts";
import type { RevisedSummary } from "../../src/summary/wire.ts";

/** Compares what instances keep with what is stored. */
export class ModelChecks {
  readonly #store: ModelStore;
  /** How many samples were stored when a revision was first seen. */
  readonly #samplesAt = new Map<number, number>();
  /** What went wrong. */
  readonly faults: string[] = [];
  /** Whether the store went back: then the instances must go back, too. */
  wentBack = false;

  constructor(store: ModelStore) {
    this.#store = store;
  }

  /** Remembers what the stored revision labels. */
  label(): void {
    const revision = this.#revision();
    if (!this.#samplesAt.has(revision)) this.#samplesAt.set(revision, this.#countStored());
  }

  /** Checks each summary that an instance keeps from now on. */
  watch({ name, summaries }: ModelInstance): void {
    let last: RevisedSummary | undefined;
    summaries.listen({
      onChange: (summary) => {
        if (!this.wentBack) this.#compare(name, last, summary);
        last = summary;
      },
    });
  }

  /** Checks that a summary is that of what is stored. */
  expectTruth(name: string, { revision, as_of, ...summary }: RevisedSummary): void {
    const [hour] = summary.hourly_average_of_averages;
    const found = [revision, Date.parse(as_of) - HOUR, hour?.price];
    const stored = this.#countStored();
    // The prices are 1, 2, 3 and so on.
    const expected = [this.#revision(), stored, (stored + 1) / 2];
    if (`${found}` !== `${expected}`) this.faults.push(`${name} has ${found}, not ${expected}`);
  }

  /** Checks the cached summary, if readers would use it. */
  expectTrueCache(): void {
    const cached = parseSummary(String(this.#store.execute(["GET", KEYS.cache])));
    if (cached?.revision === this.#revision()) this.expectTruth("the cache", cached);
  }

  #compare(name: string, last: RevisedSummary | undefined, next: RevisedSummary): void {
    const { revision } = next;
    const samples = countSamples(next);
    // A load may find more than its revision says: another instance stored while it read.
    const isOlder = last !== undefined &&
      (revision < last.revision || (revision === last.revision && samples < countSamples(last)));
    if (isOlder) this.faults.push(`${name} went from ${describe(last)} back to ${describe(next)}`);
    const atLeast = this.#samplesAt.get(revision) ?? Infinity;
    if (samples < atLeast) this.faults.push(`${name} has ${describe(next)}, not ${atLeast}`);
  }

  #revision(): number {
    return Number(this.#store.execute(["GET", KEYS.revision]));
  }

  /** Every refresh sends all samples from the first on, so the newest one counts them. */
  #countStored(): number {
    const newest = this.#store.execute(["TS.GET", KEYS.series.price]);
    return Array.isArray(newest) ? Number(newest[0] ?? HOUR) - HOUR : 0;
  }
}

/** Samples are a millisecond apart. */
function countSamples({ as_of }: RevisedSummary): number {
  return Date.parse(as_of) - HOUR;
}

function describe(summary: RevisedSummary): string {
  return `${summary.revision} with ${countSamples(summary)} samples`;
}
