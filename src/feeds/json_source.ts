import { AddressError, FeedError, RATE_LIMIT_MS } from "./errors.ts";
import { type Fetched, fetchText, MAX_ROWS, type RequestOptions } from "./request.ts";
import { parseHttpDate, parseRetryAfter } from "./retry_after.ts";

const TIMEOUT_MS = 10_000;

const MAX_BYTES = 4_000_000;

const USER_AGENT = "is-bitcoin-lit";

const TOO_MANY_REQUESTS = 429;

const NOT_MODIFIED = 304;

/** Where JSON comes from. */
export interface JsonAddress {
  /** What errors call the source. */
  readonly name: string;
  readonly url: string;
  /** How long the whole answer may take, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** How many rows the answer may have, about. @default 50_000 */
  readonly maxRows?: number;
}

/** What a source answers. */
export interface JsonAnswer {
  readonly body: unknown;
  /** The time of the answer by the source's clock: the `Date` header in Unix milliseconds. */
  readonly date: number | undefined;
}

/** Fetches JSON, and can be paused. */
export interface JsonFetcher {
  /**
   * Fetches the present answer; an unchanged one comes from memory.
   *
   * @throws {FeedError} `unavailable`, `invalid` (too large, not JSON) or `timeout`
   */
  fetchJson(signal: AbortSignal): Promise<JsonAnswer>;
  /** Sends no request for the time in `error.retryAfterMs`, if any, and returns the error to throw. */
  pause(error: FeedError): FeedError;
}

interface Pause {
  readonly error: FeedError;
  /** Unix milliseconds, like `until`. */
  readonly from: number;
  readonly until: number;
}

/**
 * One address that answers JSON. Requests are conditional if the source sends validators (RFC 9110,
 * section 13), and none is sent before the time that its `Retry-After` named.
 */
export class JsonSource implements JsonFetcher {
  readonly #address: JsonAddress;
  readonly #options: RequestOptions;
  #known: { readonly validators: Record<string, string>; readonly text: string } | undefined;
  #paused: Pause | undefined;

  constructor(address: JsonAddress, options: RequestOptions) {
    this.#address = address;
    this.#options = options;
  }

  async fetchJson(signal: AbortSignal): Promise<JsonAnswer> {
    this.#throwWhilePaused();
    const answer = await this.#fetch(signal);
    const date = parseHttpDate(answer.headers.get("date") ?? "");
    // The date of the 304: the known body was still valid then.
    if (answer.status === NOT_MODIFIED && this.#known) {
      return { body: this.#parse(this.#known.text), date };
    }
    if (!answer.ok) throw this.#explainStatus(answer);
    const body = this.#parse(answer.text);
    this.#remember(answer);
    return { body, date };
  }

  pause(error: FeedError): FeedError {
    const from = this.#options.now();
    if (error.retryAfterMs) this.#paused = { error, from, until: from + error.retryAfterMs };
    return error;
  }

  #fetch(signal: AbortSignal): Promise<Fetched> {
    const { name, url } = this.#address;
    const { userAgent = USER_AGENT, bounds = {} } = this.#options;
    return fetchText(url, {
      name,
      headers: {
        accept: "application/json",
        "user-agent": userAgent,
        ...this.#known?.validators,
      },
      timeoutMs: bounds.timeoutMs ?? this.#address.timeoutMs ?? TIMEOUT_MS,
      maxBytes: bounds.maxBytes ?? MAX_BYTES,
      maxRows: this.#address.maxRows ?? MAX_ROWS,
      signal,
    });
  }

  #throwWhilePaused(): void {
    if (this.#paused === undefined) return;
    const { error, from, until } = this.#paused;
    const now = this.#options.now();
    // Without `from`, a clock that steps back would make the pause longer.
    if (now < from || now >= until) return;
    const message = `${this.#address.name} must not be asked before ${
      new Date(until).toISOString()
    }`;
    const ErrorType = error instanceof AddressError ? AddressError : FeedError;
    throw new ErrorType("unavailable", message, { cause: error, retryAfterMs: until - now });
  }

  #explainStatus({ status, headers }: Fetched): FeedError {
    const ErrorType = status >= 500 ? AddressError : FeedError;
    const wait = parseRetryAfter(headers.get("retry-after"), this.#options.now());
    const retryAfterMs = wait ?? (status === TOO_MANY_REQUESTS ? RATE_LIMIT_MS : undefined);
    const message = `${this.#address.name} answered with status ${status}`;
    return this.pause(new ErrorType("unavailable", message, { retryAfterMs }));
  }

  /** Keeps the text, not the parsed body, which is many times as large. */
  #remember({ headers, text }: Fetched): void {
    const validators = validatorsOf(headers);
    this.#known = Object.keys(validators).length > 0 ? { validators, text } : undefined;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      const message = `${this.#address.name}'s answer is not JSON`;
      throw new FeedError("invalid", message, { cause: error });
    }
  }
}

function validatorsOf(headers: Headers): Record<string, string> {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    ...etag !== null && { "if-none-match": etag },
    ...lastModified !== null && { "if-modified-since": lastModified },
  };
}

/**
 * Several addresses of the same data, asked in order. Only one that can't be reached or answers 5xx
 * leads to the next: any other refusal would be the same there, and count twice against its limits.
 */
export class FailOver implements JsonFetcher {
  readonly #addresses: readonly JsonFetcher[];

  /** @param addresses at least one, the preferred one first */
  constructor(addresses: readonly JsonFetcher[]) {
    this.#addresses = addresses;
  }

  async fetchJson(signal: AbortSignal): Promise<JsonAnswer> {
    const failures: AddressError[] = [];
    for (const address of this.#addresses) {
      try {
        return await address.fetchJson(signal);
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        failures.push(error);
      }
    }
    // The source can be asked again as soon as one of its addresses can.
    throw failures.toSorted((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0))[0];
  }

  pause(error: FeedError): FeedError {
    for (const address of this.#addresses) address.pause(error);
    return error;
  }
}

/** Sets query parameters of a URL and keeps the others. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target.href;
}
