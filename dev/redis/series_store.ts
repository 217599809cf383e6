import { type ByteString, toBytes } from "./byte_string.ts";
import type { Database } from "./database.ts";
import type { Entry } from "./keyspace.ts";
import { ReplyError } from "./reply.ts";

const DUPLICATE_POLICIES = ["block", "first", "last", "min", "max", "sum"] as const;

/** What to do with a second sample of the same timestamp. */
export type DuplicatePolicy = typeof DUPLICATE_POLICIES[number];

/** How a series treats its samples. */
export interface SeriesOptions {
  /** Milliseconds that samples are kept behind the newest one; 0 keeps all. */
  readonly retention: number;
  readonly duplicatePolicy: DuplicatePolicy;
}

/** A series, open for adding. */
export interface Series extends SeriesOptions {
  readonly id: number;
  /** The newest timestamp, in Unix milliseconds; 0 while there is no sample. */
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

// Made once: thousands of samples of one call may be refused, and an error's stack is dear.
const TOO_OLD = new ReplyError("ERR TSDB: Timestamp is older than retention");
const BLOCKED = new ReplyError(
  "ERR TSDB: Error at upsert, update is not supported when DUPLICATE_POLICY is set to BLOCK mode",
);

/** Tells a duplicate policy from any other word, in either case. */
export function parseDuplicatePolicy(text: string): DuplicatePolicy | undefined {
  return DUPLICATE_POLICIES.find((policy) => policy === text.toLowerCase());
}

/** The time series and how samples get into them. */
export class SeriesStore {
  #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes an empty series; the key must be free. */
  create(name: ByteString, { retention, duplicatePolicy }: SeriesOptions): Series {
    const { lastInsertRowid } = this.#database.prepare(
      "INSERT INTO keys (name, retention, duplicate_policy) VALUES (?, ?, ?)",
    ).run(toBytes(name), retention, duplicatePolicy);
    return { id: Number(lastInsertRowid), retention, duplicatePolicy, newest: 0 };
  }

  /** Opens the series that a key holds. */
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

  /** Adds a sample, or answers why not. */
  add(series: Series, [timestamp, value]: Sample, policy?: DuplicatePolicy): number | ReplyError {
    const { id, retention, duplicatePolicy, newest } = series;
    if (retention > 0 && timestamp < newest - retention) return TOO_OLD;
    const insert = this.#database.prepare(INSERT_BY_POLICY[policy ?? duplicatePolicy]);
    const { changes } = insert.run(id, timestamp, value);
    if (Number(changes) === 0 && (policy ?? duplicatePolicy) === "block") return BLOCKED;
    series.newest = Math.max(newest, timestamp);
    return timestamp;
  }

  /** Drops the samples that the retention no longer keeps. */
  trim({ id, retention, newest }: Series): void {
    if (retention === 0) return;
    this.#database.prepare("DELETE FROM samples WHERE series = ? AND timestamp < ?")
      .run(id, newest - retention);
  }
}
