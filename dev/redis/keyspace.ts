import { type ByteString, toBytes, toByteString } from "./byte_string.ts";
import type { Database } from "./database.ts";
import { MAX_INT64, parseInt64 } from "./numbers.ts";
import { notAnInteger, ReplyError } from "./reply.ts";

/** What a key can hold. */
export type KeyType = "string" | "series";

/** A key that exists. */
export interface Entry {
  readonly id: number;
  readonly type: KeyType;
  /** Unix milliseconds, or `undefined` for a key without an expiry. */
  readonly expiresAt: number | undefined;
}

/** All keys of any type, and the values of the strings. */
export class Keyspace {
  #database: Database;
  #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Finds a key; an expired one is deleted first. */
  find(name: ByteString): Entry | undefined {
    const row = this.#database.prepare(
      "SELECT id, value IS NULL AS is_series, expires_at FROM keys WHERE name = ?",
    ).get(toBytes(name));
    if (row === undefined) return undefined;
    const expiresAt = row.expires_at === null ? undefined : Number(row.expires_at);
    if (expiresAt !== undefined && expiresAt < this.#now()) {
      this.#remove(Number(row.id));
      return undefined;
    }
    return { id: Number(row.id), type: row.is_series ? "series" : "string", expiresAt };
  }

  /** Lists all keys that have not expired, by name. */
  list(): { id: number; name: ByteString; type: KeyType }[] {
    return this.#database.prepare(
      `SELECT id, name, value IS NULL AS is_series FROM keys
        WHERE expires_at IS NULL OR expires_at >= ? ORDER BY name`,
    ).all(this.#now()).map(({ id, name, is_series }) => ({
      id: Number(id),
      name: name instanceof Uint8Array ? toByteString(name) : "",
      type: is_series ? "series" : "string",
    }));
  }

  /**
   * Reads the string of a key.
   *
   * @throws {ReplyError} `WRONGTYPE` when the key holds a time series
   */
  getString(name: ByteString): ByteString | undefined {
    const entry = this.find(name);
    if (entry === undefined) return undefined;
    const row = this.#database.prepare("SELECT value FROM keys WHERE id = ?").get(entry.id);
    if (row?.value instanceof Uint8Array) return toByteString(row.value);
    throw new ReplyError("WRONGTYPE Operation against a key holding the wrong kind of value");
  }

  /** Sets a key to a string; a previous value of any type and its expiry are dropped. */
  setString(name: ByteString, value: ByteString, expiresAt: number | undefined): void {
    this.#database.transaction(() => {
      this.delete(name);
      this.#database.prepare("INSERT INTO keys (name, value, expires_at) VALUES (?, ?, ?)")
        .run(toBytes(name), toBytes(value), expiresAt ?? null);
    });
  }

  /**
   * Adds one to the integer of a key and returns the sum; a missing key counts as 0, and an expiry
   * stays.
   *
   * @throws {ReplyError} when the value is no integer or the largest one, or is a time series
   */
  increment(name: ByteString): bigint {
    const value = parseInt64(this.getString(name) ?? "0");
    if (value === undefined) throw notAnInteger();
    if (value === MAX_INT64) throw new ReplyError("ERR increment or decrement would overflow");
    const sum = value + 1n;
    this.#database.prepare(
      `INSERT INTO keys (name, value) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    ).run(toBytes(name), toBytes(String(sum)));
    return sum;
  }

  /** Sets when a key expires, in Unix milliseconds; a time that has passed deletes it. */
  expire({ id }: Entry, expiresAt: number): void {
    if (expiresAt <= this.#now()) return this.#remove(id);
    this.#database.prepare("UPDATE keys SET expires_at = ? WHERE id = ?").run(expiresAt, id);
  }

  /** Deletes a key and returns whether it existed. */
  delete(name: ByteString): boolean {
    const entry = this.find(name);
    if (entry !== undefined) this.#remove(entry.id);
    return entry !== undefined;
  }

  /** Deletes every key. */
  clear(): void {
    this.#database.prepare("DELETE FROM keys").run();
  }

  #remove(id: number): void {
    this.#database.prepare("DELETE FROM keys WHERE id = ?").run(id);
  }
}
