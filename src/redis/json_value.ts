import * as z from "zod/mini";
import { type Client, OK_REPLY, send, unlessRefused, VALUE_REPLY } from "./command.ts";

/** Far more than any value needs. Parsing 40 MB would keep every reader waiting for seconds. */
const MAX_CHARACTERS = 65_536;

/** A value kept in one key, as JSON. */
export class JsonValue<T> {
  readonly #client: Client;
  readonly #key: string;
  readonly #schema: z.core.$ZodType<T>;

  constructor(client: Client, key: string, schema: z.core.$ZodType<T>) {
    this.#client = client;
    this.#key = key;
    this.#schema = schema;
  }

  /** Reads the value; a missing one, or one of another type, size or shape, is `undefined`. */
  async read(): Promise<T | undefined> {
    const text = await send(this.#client, VALUE_REPLY, ["GET", this.#key])
      .catch(unlessRefused(/^WRONGTYPE/, null));
    return text === null ? undefined : z.safeParse(this.#schema, parseJson(text)).data;
  }

  /** Replaces the value, for `ttlSeconds` or, without it, for good. */
  async write(value: T, ttlSeconds?: number): Promise<void> {
    const expiry = ttlSeconds === undefined ? [] : ["EX", ttlSeconds];
    await send(this.#client, OK_REPLY, ["SET", this.#key, JSON.stringify(value), ...expiry]);
  }
}

/** Parses JSON; `undefined` if it is none, or longer than 64 KB. */
export function parseJson(text: string): unknown {
  if (text.length > MAX_CHARACTERS) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
