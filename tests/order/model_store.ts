import type { Command } from "../../src/redis/command.ts";

type Reply = string | number | null | Error | Reply[];

/** What Redis does with the commands of the service, each at once and as a whole. */
export class ModelStore {
  readonly #strings = new Map<string, string>();
  readonly #series = new Map<string, Map<number, number>>();
  /** How often all connections were lost. */
  restarts = 0;
  /** Is called with each message that is published. */
  onPublish: (text: string) => void = () => {};

  execute([name, ...args]: Command): Reply {
    const [key = "", ...rest] = args.map(String);
    switch (name) {
      case "GET":
        return this.#strings.get(key) ?? null;
      case "MGET":
        return [key, ...rest].map((key) => this.#strings.get(key) ?? null);
      case "SET":
        return this.#set(key, rest);
      case "INCR":
        return this.#increment(key);
      case "PUBLISH":
        this.onPublish(rest[0] ?? "");
        return 1;
      case "TS.CREATE":
        if (this.#series.has(key)) return new Error("ERR TSDB: key already exists");
        this.#series.set(key, new Map());
        return "OK";
      case "TS.GET":
        return this.#newest(key);
      case "TS.RANGE":
        return this.#range(key, rest);
      case "TS.MADD":
        return this.#addAll([key, ...rest]);
      default:
        throw new TypeError(`The model has no ${name}`);
    }
  }

  /** Removes keys, as an eviction or an operator does. */
  remove(...keys: string[]): void {
    for (const key of keys) {
      this.#strings.delete(key);
      this.#series.delete(key);
    }
  }

  /** Removes everything. */
  flush(): void {
    this.#strings.clear();
    this.#series.clear();
  }

  /** Copies the content, as a backup does; the result restarts the store with the copy. */
  backUp(): () => void {
    const strings = [...this.#strings];
    const series = [...this.#series].map(([key, points]) => [key, [...points]] as const);
    return () => {
      this.restarts++;
      this.flush();
      for (const [key, value] of strings) this.#strings.set(key, value);
      for (const [key, points] of series) this.#series.set(key, new Map(points));
    };
  }

  #set(key: string, [value = "", ...options]: string[]): Reply {
    const previous = this.#strings.get(key) ?? null;
    const isRefused = options.includes("NX") && previous !== null;
    if (!isRefused) this.#strings.set(key, value);
    if (options.includes("GET")) return previous;
    return isRefused ? null : "OK";
  }

  #increment(key: string): Reply {
    const value = Number(this.#strings.get(key) ?? 0) + 1;
    this.#strings.set(key, `${value}`);
    return value;
  }

  #newest(key: string): Reply {
    const points = this.#series.get(key);
    if (points === undefined) return new Error("ERR TSDB: the key does not exist");
    const newest = Math.max(...points.keys());
    return points.size === 0 ? [] : [newest, `${points.get(newest)}`];
  }

  /** One average of everything: the samples of the model lie within an hour. */
  #range(key: string, [from = "", to = "", ...options]: string[]): Reply {
    const points = this.#series.get(key);
    if (points === undefined) return new Error("ERR TSDB: the key does not exist");
    const last = to === "+" ? Infinity : Number(to);
    const found = [...points].filter(([time]) => time >= Number(from) && time <= last);
    if (found.length === 0) return [];
    if (!options.includes("AGGREGATION")) return found.map(([time, value]) => [time, `${value}`]);
    const bucketMs = Number(options.at(-1));
    const [[first] = [0]] = found;
    const sum = found.reduce((sum, [, value]) => sum + value, 0);
    return [[Math.floor(first / bucketMs) * bucketMs, `${sum / found.length}`]];
  }

  #addAll(triples: string[]): Reply {
    const replies: Reply[] = [];
    for (let i = 0; i < triples.length; i += 3) {
      const [key = "", time, value] = triples.slice(i, i + 3);
      const points = this.#series.get(key);
      if (points === undefined) {
        replies.push(new Error("ERR TSDB: the key is not a TSDB key"));
        continue;
      }
      if (!points.has(Number(time))) points.set(Number(time), Number(value));
      replies.push(Number(time));
    }
    return replies;
  }
}
