import { DatabaseSync, type StatementSync } from "node:sqlite";

/**
 * A key holds a string (`value`) or, where that is NULL, a time series. The samples' values have no
 * declared type, for a REAL column would store -0 as 0.
 */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS keys (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL UNIQUE,
    value BLOB,
    expires_at INTEGER,
    retention INTEGER,
    duplicate_policy TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS samples (
    series INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    value ANY NOT NULL,
    PRIMARY KEY (series, timestamp)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER IF NOT EXISTS drop_samples AFTER DELETE ON keys WHEN old.value IS NULL BEGIN
    DELETE FROM samples WHERE series = old.id;
  END;
`;

/** The SQLite database that keeps keys and samples. */
export class Database {
  #sqlite: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  /** Opens the database of a file, or one in memory for `:memory:`. */
  constructor(path: string) {
    this.#sqlite = new DatabaseSync(path);
    this.#sqlite.exec(SCHEMA);
  }

  /** The statement of this text, compiled at its first use. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs the writes of `work` all or not at all. */
  transaction<Result>(work: () => Result): Result {
    this.prepare("BEGIN").run();
    try {
      const result = work();
      this.prepare("COMMIT").run();
      return result;
    } catch (error) {
      this.prepare("ROLLBACK").run();
      throw error;
    }
  }

  /** Closes the file. */
  close(): void {
    this.#sqlite.close();
  }
}
