import { DatabaseSync, type StatementSync } from "node:sqlite";

/**
 * A key holds a string (`value`) or, if that is NULL, a time series. The samples' values have no
 * declared type, because a REAL column would store -0 as 0. NaN is stored as the text 'NaN',
 * because SQLite turns the number into NULL.
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
  CREATE TABLE IF NOT EXISTS labels (
    position INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    name BLOB NOT NULL,
    value BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS labels_by_series ON labels (series);
  CREATE TRIGGER IF NOT EXISTS drop_labels AFTER DELETE ON keys WHEN old.value IS NULL BEGIN
    DELETE FROM labels WHERE series = old.id;
  END;
  CREATE TRIGGER IF NOT EXISTS drop_samples AFTER DELETE ON keys WHEN old.value IS NULL BEGIN
    DELETE FROM samples WHERE series = old.id;
  END;
`;

/** The SQLite database with all keys and samples. */
export class Database {
  #sqlite: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  /** Opens a database file, or a database in memory for `:memory:`. */
  constructor(path: string) {
    this.#sqlite = new DatabaseSync(path);
    this.#sqlite.exec(SCHEMA);
  }

  /** Returns the compiled statement; each text is compiled once. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Runs all writes of `work` or, when it throws, none. Inside another transaction the writes belong
   * to the outer one.
   */
  transaction<Result>(work: () => Result): Result {
    if (this.#sqlite.isTransaction) return work();
    this.prepare("BEGIN").run();
    try {
      const result = work();
      this.prepare("COMMIT").run();
      return result;
    } catch (error) {
      // After faults such as a full disk, SQLite has rolled back by itself.
      if (this.#sqlite.isTransaction) this.prepare("ROLLBACK").run();
      throw error;
    }
  }

  /** Closes the file. */
  close(): void {
    this.#sqlite.close();
  }
}
