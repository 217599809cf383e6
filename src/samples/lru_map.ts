/** A map of bounded size: beyond it, the entry that was not used for longest is forgotten. */
export class LruMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Returns a value and counts that as a use. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** Sets a value and counts that as a use. */
  set(key: Key, value: Value): void {
    // Deleted first, so that the map's order is that of use.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#maxSize && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Forgets a key if it still has this value. */
  forget(key: Key, value: Value): void {
    if (this.#entries.get(key) === value) this.#entries.delete(key);
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
  }
}
