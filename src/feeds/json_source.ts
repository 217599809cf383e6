import { MINUTE_MS } from "../samples/bucket.ts";
import { AddressError, FeedError, type FeedErrorOptions, quote, RateLimitError } from "./errors.ts";
import { Pauses } from "./pauses.ts";
import { type Fetched, fetchText, MAX_ROWS, type RequestOptions } from "./request.ts";
import { parseHttpDate, parseRetryAfter } from "./retry_after.ts";

const TIMEOUT_MS = 10_000;

const MAX_BYTES = 4_000_000;

/** How long a source that limits requests, and does not say for how long, is not asked. */
const RATE_LIMIT_MS = MINUTE_MS;

const USER_AGENT = "is-bitcoin-lit";

const NOT_MODIFIED = 304;

const UNAUTHORIZED = 401;

const TOO_MANY_REQUESTS = 429;

/** A CDN's or a region's refusals: each host has its own. */
const BLOCKS: ReadonlySet<number> = new Set([403, 451]);

/** What a source says instead of data: too many requests, busy, or anything else. */
export interface Refusal {
  readonly kind: "limit" | "busy" | "other";
  /** Only the log sees it. */
  readonly said: unknown;
}

/** Where JSON comes from. */
export interface JsonOrigin {
  /** What errors call the source. */
  readonly name: string;
  /** Addresses of the same data, tried in order; at least one. */
  readonly urls: readonly string[];
  /** How long the addresses may take together, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** How many rows the answer may have, about. @default 50_000 */
  readonly maxRows?: number;
  /** Finds a refusal inside of an answer, whatever its status. */
  readonly findRefusal?: (body: unknown) => Refusal | undefined;
}

/** What a source answers. */
export interface JsonAnswer {
  readonly body: unknown;
  /** The time of the answer by the source's clock: the `Date` header in Unix milliseconds. */
  readonly date: number | undefined;
}

interface KnownAnswer {
  readonly validators: Record<string, string>;
  readonly text: string;
}

/**
 * A source that answers JSON. A failure that belongs to one of its addresses leads to the next; any other
 * would be the same there, and count twice against its limits. Requests are conditional if the source
 * sends validators (RFC 9110, section 13), and none is sent before the time that `Retry-After` named.
 */
export class JsonSource {
  readonly #origin: JsonOrigin;
  readonly #options: RequestOptions;
  readonly #pauses: Pauses;
  readonly #known = new Map<string, KnownAnswer>();

  constructor(origin: JsonOrigin, options: RequestOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#pauses = options.pauses ?? new Pauses(options.now);
  }

  /**
   * Fetches the present answer; an unchanged one comes from memory.
   *
   * @throws {FeedError} `unavailable`, `invalid` (too large, not JSON) or `timeout`
   */
  async fetchJson(signal: AbortSignal): Promise<JsonAnswer> {
    const failures: AddressError[] = [];
    for (const url of this.#origin.urls) {
      try {
        this.#throwWhilePaused(url);
        return await this.#ask(url, signal);
      } catch (error) {
        this.#pause(error, url);
        if (!(error instanceof AddressError)) throw error;
        failures.push(error);
      }
    }
    // The source can be asked again as soon as one of its addresses can, but none that refused at once.
    throw failures.find(({ isFinal }) => isFinal) ??
      failures.toSorted((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0))[0];
  }

  async #ask(url: string, signal: AbortSignal): Promise<JsonAnswer> {
    const answer = await this.#fetch(url, signal);
    const date = parseHttpDate(answer.headers.get("date") ?? "");
    const known = this.#known.get(url);
    // The date of the 304: the known body was still valid then.
    if (answer.status === NOT_MODIFIED && known) return { body: this.#parse(known.text), date };
    if (!answer.ok) throw this.#explainStatus(answer);
    const body = this.#parse(answer.text);
    const refusal = this.#origin.findRefusal?.(body);
    if (refusal !== undefined) throw this.#explainRefusal(refusal, answer);
    this.#remember(url, answer);
    return { body, date };
  }

  #fetch(url: string, signal: AbortSignal): Promise<Fetched> {
    const { name, urls, timeoutMs = TIMEOUT_MS, maxRows = MAX_ROWS } = this.#origin;
    const { userAgent = USER_AGENT, bounds = {} } = this.#options;
    return fetchText(url, {
      name,
      headers: {
        accept: "application/json",
        "user-agent": userAgent,
        ...this.#known.get(url)?.validators,
      },
      timeoutMs: bounds.timeoutMs ?? timeoutMs / urls.length,
      maxBytes: bounds.maxBytes ?? MAX_BYTES,
      maxRows,
      signal,
    });
  }

  #throwWhilePaused(url: string): void {
    const { name } = this.#origin;
    const retryAfterMs = this.#pauses.leftMs(pauseKey(name, url));
    if (retryAfterMs === 0) return;
    const until = new Date(this.#options.now() + retryAfterMs).toISOString();
    const message = `${name} must not be asked before ${until}`;
    throw new AddressError("unavailable", message, { retryAfterMs });
  }

  #pause(error: unknown, url: string): void {
    if (!(error instanceof FeedError) || !error.retryAfterMs) return;
    const { name, urls } = this.#origin;
    for (const one of error instanceof RateLimitError ? urls : [url]) {
      this.#pauses.add(pauseKey(name, one), error.retryAfterMs);
    }
  }

  #explainStatus(answer: Fetched): FeedError {
    const { status, text } = answer;
    const message = `${this.#origin.name} answered with status ${status}`;
    const retryAfterMs = this.#retryAfter(answer);
    const refusal = this.#origin.findRefusal?.(parseJson(text));
    const cause = refusal && new Error(quote(refusal.said));
    if (status === TOO_MANY_REQUESTS || refusal?.kind === "limit") {
      return rateLimit(message, { cause, retryAfterMs });
    }
    const isBlock = BLOCKS.has(status);
    // A challenge of a CDN, most of the time; it is too long to be in the text.
    const isPage = /^text\/html\b/i.test(answer.headers.get("content-type") ?? "");
    const isOfAddress = isBlock || isPage || status < 400 || status >= 500 ||
      refusal?.kind === "busy";
    const ErrorType = isOfAddress ? AddressError : FeedError;
    const isFinal = isBlock || status === UNAUTHORIZED;
    return new ErrorType("unavailable", message, { cause, retryAfterMs, isFinal });
  }

  /** Exchanges refuse with status 200 as well. */
  #explainRefusal({ kind, said }: Refusal, answer: Fetched): FeedError {
    const { name } = this.#origin;
    const options = { cause: new Error(quote(said)), retryAfterMs: this.#retryAfter(answer) };
    if (kind === "limit") return rateLimit(`${name} limits requests now`, options);
    const ErrorType = kind === "busy" ? AddressError : FeedError;
    return new ErrorType("unavailable", `${name} answered with an error`, options);
  }

  #retryAfter({ headers }: Fetched): number | undefined {
    return parseRetryAfter(headers.get("retry-after"), this.#options.now());
  }

  /** Keeps the text, not the parsed body, which is many times as large. */
  #remember(url: string, { headers, text }: Fetched): void {
    const validators = validatorsOf(headers);
    if (Object.keys(validators).length > 0) this.#known.set(url, { validators, text });
    else this.#known.delete(url);
  }

  #parse(text: string): unknown {
    const body = parseJson(text);
    // A page of a CDN or a portal, most of the time.
    if (body === undefined) {
      throw new AddressError("invalid", `${this.#origin.name}'s answer is not JSON`);
    }
    return body;
  }
}

function rateLimit(message: string, { cause, retryAfterMs = RATE_LIMIT_MS }: FeedErrorOptions) {
  return new RateLimitError("unavailable", message, { cause, retryAfterMs });
}

/** Sources that share a host do not share its pauses: their limits differ. */
function pauseKey(name: string, url: string): string {
  return `${name} ${new URL(url).host}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
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

/** Sets query parameters of a URL and keeps the others. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target.href;
}
