import { HOUR_MS } from "../samples/bucket.ts";
import { type Metric, METRICS, type Sample } from "../samples/sample.ts";
import {
  ANOTHER_TYPE,
  type Command,
  MADD_REPLY,
  parseReply,
  sendTransaction,
  StoreError,
} from "./command.ts";
import type { Labelled, Revision } from "./revision.ts";
import { forEachMetric, Series, type SeriesOptions } from "./series.ts";

/** The outcome of adding samples to the store. */
export interface Stored {
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Samples older than the retention, counted back from the newest sample; they were not sent. */
  readonly expired: number;
  /** The revision that labels what is stored now; absent if nothing new was stored. */
  readonly revision?: number;
}

// Adding 10,000 samples between stored ones blocks Redis for less than 0.5 s, 80,000 for 5 s.
const MAX_SAMPLES_PER_COMMAND = 10_000;

const NOT_A_SERIES = /not a TSDB key/;

/** What writing the series needs. */
export interface SeriesWriterOptions extends SeriesOptions {
  revision: Revision;
  retentionMs: number;
  /** Is called after a missing series was created: it was lost, or there is none yet. */
  onCreated: () => Promise<void>;
}

interface Refusal {
  readonly sample: Sample;
  readonly reason: string;
}

interface Inserted {
  readonly refused: readonly Refusal[];
  readonly revision: number | undefined;
}

/**
 * Writes samples and the revision that labels them, in one transaction; every method throws a
 * {@linkcode StoreError} when it cannot.
 */
export class SeriesWriter {
  readonly #options: SeriesWriterOptions;
  readonly #series: Series;

  constructor(options: SeriesWriterOptions) {
    this.#options = options;
    this.#series = new Series(options);
  }

  /** Creates the series that are missing, and the revision. */
  async create(): Promise<void> {
    const { retentionMs, revision, onCreated } = this.#options;
    const created = await forEachMetric((metric) => this.#series.create(metric, retentionMs));
    if (created.price || created.sentiment) await onCreated();
    await revision.create();
  }

  /** Adds samples; a timestamp that has a value keeps it. */
  async add(samples: readonly Sample[]): Promise<Stored> {
    const newest = await this.#series.newest();
    const sorted = await forEachMetric((metric) => this.#sort(metric, samples, newest[metric]));
    const missing = METRICS.flatMap((metric) => sorted[metric].missing);
    const expired = METRICS.reduce((sum, metric) => sum + sorted[metric].expired, 0);
    const { refused, revision } = await this.#insert(missing);
    return {
      stored: missing.length - refused.length,
      duplicates: samples.length - missing.length - expired,
      rejected: refused.length,
      expired,
      ...revision !== undefined && { revision },
    };
  }

  /** Finds the samples that the series lacks, and counts those that are too old. */
  async #sort(metric: Metric, samples: readonly Sample[], newestStored = -Infinity) {
    const own = samples.filter((sample) => sample.metric === metric);
    const ascending = firstPerTimestamp(own);
    const newest = Math.max(newestStored, ascending.at(-1)?.timestamp ?? -Infinity);
    const oldest = newest - this.#options.retentionMs;
    const kept = ascending.filter(({ timestamp }) => timestamp >= oldest);
    const expired = own.filter(({ timestamp }) => timestamp < oldest).length;
    return { missing: await this.#findMissing(metric, kept, newestStored), expired };
  }

  /**
   * Only missing samples are sent: for one that is stored, Redis unpacks a whole chunk, and serves
   * no other client meanwhile. Reading a whole day costs a hundredth of sending it again.
   */
  async #findMissing(metric: Metric, ascending: readonly Sample[], newestStored: number) {
    const missing: Sample[] = [];
    for (const run of splitIntoRuns(ascending)) {
      const stored = await this.#readTimestamps(metric, run, newestStored);
      for (const sample of run) if (!stored.has(sample.timestamp)) missing.push(sample);
    }
    return missing;
  }

  async #readTimestamps(metric: Metric, run: readonly Sample[], newestStored: number) {
    const first = run[0]?.timestamp ?? Infinity;
    const last = Math.min(run.at(-1)?.timestamp ?? -Infinity, newestStored);
    if (first > last) return new Set<number>();
    return new Set(await this.#series.timestamps(metric, [first, last]));
  }

  async #insert(samples: readonly Sample[]): Promise<Inserted> {
    if (samples.length === 0) return await this.#settleUncertain();
    const refused: Refusal[] = [];
    let revision: number | undefined;
    for (let start = 0; start < samples.length; start += MAX_SAMPLES_PER_COMMAND) {
      const inserted = await this.#insertOnce(
        samples.slice(start, start + MAX_SAMPLES_PER_COMMAND),
      );
      refused.push(...inserted.refused);
      revision = inserted.revision;
    }
    return { refused, revision };
  }

  /** After a lost reply, what is stored may be newer than any summary of its revision. */
  async #settleUncertain(): Promise<Inserted> {
    if (!this.#options.revision.isUncertain) return { refused: [], revision: undefined };
    return { refused: [], revision: (await this.#commit([])).revision };
  }

  /** Sends samples; if a series has vanished, creates it and sends its samples again, once. */
  async #insertOnce(samples: readonly Sample[]): Promise<Inserted> {
    const first = await this.#send(samples);
    const unknown = first.refused.filter(isUnknownSeries);
    if (unknown.length === 0) return first;
    await this.create();
    const second = await this.#send(unknown.map(({ sample }) => sample));
    if (second.refused.some(isUnknownSeries)) {
      throw new StoreError(ANOTHER_TYPE);
    }
    const others = first.refused.filter((refusal) => !isUnknownSeries(refusal));
    return { refused: [...others, ...second.refused], revision: second.revision };
  }

  async #send(samples: readonly Sample[]): Promise<Inserted> {
    const { keys } = this.#options;
    const triples = samples.flatMap(({ metric, timestamp, value }) => [
      keys[metric],
      timestamp,
      value,
    ]);
    const { replies, revision } = await this.#commit([["TS.MADD", ...triples]]);
    return {
      refused: findRefusals(samples, parseReply(MADD_REPLY, replies[0], "TS.MADD")),
      revision,
    };
  }

  /** Runs commands and the increment as one transaction: no revision ever labels two states. */
  #commit(commands: readonly Command[]): Promise<Labelled> {
    const { client, revision } = this.#options;
    return revision.run(() => sendTransaction(client, [...commands, ...revision.increment]));
  }
}

function isUnknownSeries({ reason }: Refusal): boolean {
  return NOT_A_SERIES.test(reason);
}

function findRefusals(
  samples: readonly Sample[],
  replies: readonly (number | Error)[],
): Refusal[] {
  return samples.flatMap((sample, i) => {
    const reply = replies[i];
    return reply instanceof Error ? [{ sample, reason: reply.message }] : [];
  });
}

// A gap or a long span would make Redis read and send what lies between, for nothing.
const MAX_GAP_MS = HOUR_MS;

const MAX_SPAN_MS = 24 * HOUR_MS;

/** Keeps the first sample of each timestamp, oldest timestamp first. */
export function firstPerTimestamp(samples: readonly Sample[]): Sample[] {
  const first = new Map<number, Sample>();
  for (const sample of samples) {
    if (!first.has(sample.timestamp)) first.set(sample.timestamp, sample);
  }
  return [...first.values()].sort((a, b) => a.timestamp - b.timestamp);
}

/** Splits ascending samples into runs of neighbours: no gap above an hour, no span above a day. */
export function splitIntoRuns(ascending: readonly Sample[]): Sample[][] {
  const runs: Sample[][] = [];
  for (const sample of ascending) {
    const run = runs.at(-1);
    if (run !== undefined && isNeighbour(run, sample.timestamp)) run.push(sample);
    else runs.push([sample]);
  }
  return runs;
}

function isNeighbour(run: readonly Sample[], timestamp: number): boolean {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return true;
  return timestamp - last.timestamp <= MAX_GAP_MS && timestamp - first.timestamp < MAX_SPAN_MS;
}
