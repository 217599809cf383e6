import { type ByteString, toBytes, toByteString } from "./byte_string.ts";
import type { Database } from "./database.ts";
import type { Entry } from "./keyspace.ts";
import { ReplyError } from "./reply.ts";

const DUPLICATE_POLICIES = ["block", "first", "last", "min", "max", "sum"] as const;

/** What to do with a second sample of the same timestamp. */
export type DuplicatePolicy = typeof DUPLICATE_POLICIES[number];

/** By what `TS.QUERYINDEX` and `TS.MRANGE` find a series. */
export type Label = [name: ByteString, value: ByteString];

/** What `TS.CREATE` and `TS.ALTER` set; what is `undefined` was not given. */
export interface SeriesOptions {
  /** Milliseconds before the newest sample in which samples are kept; 0 keeps all. */
  readonly retention: number | undefined;
  readonly duplicatePolicy: DuplicatePolicy | undefined;
  readonly labels: readonly Label[] | undefined;
}

/** A series in the database. */
export type SeriesId = Pick<Entry, "id">;

/** A series to which samples can be added. */
export interface Series extends SeriesId {
  readonly retention: number;
  readonly duplicatePolicy: DuplicatePolicy;
  /** The newest timestamp in Unix milliseconds; 0 for an empty series. */
  newest: number;
}

/** A timestamp in Unix milliseconds and a value. */
export type Sample = readonly [timestamp: number, value: number];

const DEFAULT_POLICY = "block";
const INSERT = "INSERT INTO samples VALUES (?, ?, ?) ON CONFLICT DO";
const UNLESS_NAN = "WHERE 'text' NOT IN (typeof(value), typeof(excluded.value))";
const INSERT_BY_POLICY: Readonly<Record<DuplicatePolicy, string>> = {
  block: `${INSERT} NOTHING`,
  first: `${INSERT} NOTHING`,
  last: `${INSERT} UPDATE SET value = excluded.value`,
  min: `${INSERT} UPDATE SET value = MIN(value, excluded.value) ${UNLESS_NAN}`,
  max: `${INSERT} UPDATE SET value = MAX(value, excluded.value) ${UNLESS_NAN}`,
  sum: `${INSERT} UPDATE SET value = value + excluded.value ${UNLESS_NAN}`,
};

// Created once: a call may reject thousands of samples, and an error's stack is expensive.
const TOO_OLD = new ReplyError("ERR TSDB: Timestamp is older than retention");
const BLOCKED = new ReplyError(
  "ERR TSDB: Error at upsert, update is not supported when DUPLICATE_POLICY is set to BLOCK mode, " +
    "or either current or new value is NaN and DUPLICATE_POLICY is MAX/MIN/SUM",
);

/** Parses the name of a duplicate policy, in any case. */
export function parseDuplicatePolicy(text: string): DuplicatePolicy | undefined {
  return DUPLICATE_POLICIES.find((policy) => policy === text.toLowerCase());
}

/** Creates time series and adds samples to them. */
export class SeriesStore {
  #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Creates an empty series; the key must not exist. */
  create(name: ByteString, options: SeriesOptions): Series {
    const { retention = 0, duplicatePolicy = DEFAULT_POLICY, labels = [] } = options;
    const { lastInsertRowid } = this.#database.prepare(
      "INSERT INTO keys (name, retention, duplicate_policy) VALUES (?, ?, ?)",
    ).run(toBytes(name), retention, duplicatePolicy);
    const id = Number(lastInsertRowid);
    this.#setLabels(id, labels);
    return { id, retention, duplicatePolicy, newest: 0 };
  }

  /** Changes the given options of a series; a shorter retention deletes samples at once. */
  alter(entry: SeriesId, { retention, duplicatePolicy, labels }: SeriesOptions): void {
    this.#database.prepare(
      `UPDATE keys SET retention = COALESCE(?, retention),
        duplicate_policy = COALESCE(?, duplicate_policy) WHERE id = ?`,
    ).run(retention ?? null, duplicatePolicy ?? null, entry.id);
    if (labels !== undefined) this.#setLabels(entry.id, labels);
    this.trim(this.open(entry));
  }

  /** Opens the series of a key. */
  open(entry: SeriesId): Series {
    const row = this.#database.prepare(
      `SELECT retention, duplicate_policy, (SELECT MAX(timestamp) FROM samples WHERE series = id)
        AS newest FROM keys WHERE id = ?`,
    ).get(entry.id);
    return {
      id: entry.id,
      retention: Number(row?.retention),
      duplicatePolicy: parseDuplicatePolicy(String(row?.duplicate_policy)) ?? DEFAULT_POLICY,
      newest: Number(row?.newest ?? 0),
    };
  }

  /** Adds a sample and returns its timestamp, or the error that rejects it. */
  add(series: Series, [timestamp, value]: Sample, policy?: DuplicatePolicy): number | ReplyError {
    const { id, retention, duplicatePolicy, newest } = series;
    const effectivePolicy = policy ?? duplicatePolicy;
    if (retention > 0 && timestamp < newest - retention) return TOO_OLD;
    const insert = this.#database.prepare(INSERT_BY_POLICY[effectivePolicy]);
    const { changes } = insert.run(id, timestamp, Number.isNaN(value) ? "NaN" : value);
    if (Number(changes) === 0 && effectivePolicy !== "first") return BLOCKED;
    series.newest = Math.max(newest, timestamp);
    return timestamp;
  }

  /** Deletes the samples that are older than the retention. */
  trim({ id, retention, newest }: Series): void {
    if (retention === 0) return;
    this.#database.prepare("DELETE FROM samples WHERE series = ? AND timestamp < ?")
      .run(id, newest - retention);
  }

  /** Deletes the samples between two timestamps, both included, and returns their number. */
  deleteSamples({ id }: SeriesId, from: number, to: number): number {
    const { changes } = this.#database.prepare(
      "DELETE FROM samples WHERE series = ? AND timestamp BETWEEN ? AND ?",
    ).run(id, from, to);
    return Number(changes);
  }

  /** Counts the samples of a series; the timestamps of an empty one are 0. */
  extent({ id }: SeriesId): { count: number; oldest: number; newest: number } {
    const row = this.#database.prepare(
      `SELECT COUNT(*) AS count, MIN(timestamp) AS oldest, MAX(timestamp) AS newest FROM samples
        WHERE series = ?`,
    ).get(id);
    return {
      count: Number(row?.count),
      oldest: Number(row?.oldest ?? 0),
      newest: Number(row?.newest ?? 0),
    };
  }

  /** Returns the labels of a series in the order in which they were set. */
  labels(id: number): Label[] {
    return this.#database.prepare(
      "SELECT name, value FROM labels WHERE series = ? ORDER BY position",
    )
      .all(id).map(({ name, value }) => [asText(name), asText(value)]);
  }

  #setLabels(id: number, labels: readonly Label[]): void {
    this.#database.prepare("DELETE FROM labels WHERE series = ?").run(id);
    const insert = this.#database.prepare(
      "INSERT INTO labels (series, name, value) VALUES (?, ?, ?)",
    );
    for (const [name, value] of labels) insert.run(id, toBytes(name), toBytes(value));
  }
}

function asText(blob: unknown): ByteString {
  return blob instanceof Uint8Array ? toByteString(blob) : "";
}
