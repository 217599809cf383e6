import { type ByteString, toBytes } from "./byte_string.ts";
import type { Database } from "./database.ts";
import type { Entry } from "./keyspace.ts";
import { ReplyError } from "./reply.ts";

const DUPLICATE_POLICIES = ["block", "first", "last", "min", "max", "sum"] as const;

/** What to do with a second sample of the same timestamp. */
export type DuplicatePolicy = typeof DUPLICATE_POLICIES[number];

/** How a series treats its samples. */
export interface SeriesOptions {
  /** Milliseconds before the newest sample in which samples are kept; 0 keeps all. */
  readonly retention: number;
  readonly duplicatePolicy: DuplicatePolicy;
}

/** A series to which samples can be added. */
export interface Series extends SeriesOptions {
  readonly id: number;
  /** The newest timestamp in Unix milliseconds; 0 for an empty series. */
  newest: number;
}

/** A timestamp in Unix milliseconds and a value. */
export type Sample = readonly [timestamp: number, value: number];

const INSERT = "INSERT INTO samples VALUES (?, ?, ?) ON CONFLICT DO";
const INSERT_BY_POLICY: Readonly<Record<DuplicatePolicy, string>> = {
  block: `${INSERT} NOTHING`,
  first: `${INSERT} NOTHING`,
  last: `${INSERT} UPDATE SET value = excluded.value`,
  min: `${INSERT} UPDATE SET value = MIN(value, excluded.value)`,
  max: `${INSERT} UPDATE SET value = MAX(value, excluded.value)`,
  sum: `${INSERT} UPDATE SET value = value + excluded.value`,
};

// Created once: a call may reject thousands of samples, and an error's stack is expensive.
const TOO_OLD = new ReplyError("ERR TSDB: Timestamp is older than retention");
const BLOCKED = new ReplyError(
  "ERR TSDB: Error at upsert, update is not supported when DUPLICATE_POLICY is set to BLOCK mode",
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
  create(name: ByteString, { retention, duplicatePolicy }: SeriesOptions): Series {
    const { lastInsertRowid } = this.#database.prepare(
      "INSERT INTO keys (name, retention, duplicate_policy) VALUES (?, ?, ?)",
    ).run(toBytes(name), retention, duplicatePolicy);
    return { id: Number(lastInsertRowid), retention, duplicatePolicy, newest: 0 };
  }

  /** Opens the series of a key. */
  open(entry: Entry): Series {
    const row = this.#database.prepare(
      `SELECT retention, duplicate_policy, (SELECT MAX(timestamp) FROM samples WHERE series = id)
        AS newest FROM keys WHERE id = ?`,
    ).get(entry.id);
    return {
      id: entry.id,
      retention: Number(row?.retention),
      duplicatePolicy: parseDuplicatePolicy(String(row?.duplicate_policy)) ?? "block",
      newest: Number(row?.newest ?? 0),
    };
  }

  /** Adds a sample and returns its timestamp, or the error that rejects it. */
  add(series: Series, [timestamp, value]: Sample, policy?: DuplicatePolicy): number | ReplyError {
    const { id, retention, duplicatePolicy, newest } = series;
    if (retention > 0 && timestamp < newest - retention) return TOO_OLD;
    const insert = this.#database.prepare(INSERT_BY_POLICY[policy ?? duplicatePolicy]);
    const { changes } = insert.run(id, timestamp, value);
    if (Number(changes) === 0 && (policy ?? duplicatePolicy) === "block") return BLOCKED;
    series.newest = Math.max(newest, timestamp);
    return timestamp;
  }

  /** Deletes the samples that are older than the retention. */
  trim({ id, retention, newest }: Series): void {
    if (retention === 0) return;
    this.#database.prepare("DELETE FROM samples WHERE series = ? AND timestamp < ?")
      .run(id, newest - retention);
  }
}
