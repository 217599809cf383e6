import { FeedError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import { type FetchBounds, type Fetched, fetchText } from "./http.ts";
import { parseRetryAfter } from "./retry_after.ts";

/** How long a source that refuses for too many requests, and does not say for how long, rests. */
const RATE_LIMIT_MS = 60_000;

const TOO_MANY_REQUESTS = 429;
const NOT_MODIFIED = 304;

/** What a source of JSON needs. */
export interface JsonSourceOptions extends FetchBounds {
  /** What errors call the source. */
  name: string;
  url: string;
  clock: Clock;
}

/**
 * One address that answers JSON. Requests are conditional where the source gives validators (RFC
 * 9110, section 13), and none is sent before the time that the source asked to be left alone until.
 */
export class JsonSource {
  readonly #options: JsonSourceOptions;
  #known: { readonly validators: Record<string, string>; readonly text: string } | undefined;
  #resumeAt = -Infinity;

  constructor(options: JsonSourceOptions) {
    this.#options = options;
  }

  /**
   * Fetches what the source says now; where that has not changed, the same as before.
   *
   * @throws {FeedError} `unavailable`, `invalid` (too large, not JSON) or `timeout`
   */
  async fetchJson(signal: AbortSignal): Promise<unknown> {
    this.#demandResumed();
    const headers = this.#known?.validators ?? {};
    const answer = await fetchText(this.#options.url, { ...this.#options, headers, signal });
    if (answer.status === NOT_MODIFIED && this.#known) return this.#parse(this.#known.text);
    if (!answer.ok) throw this.#explainStatus(answer);
    const json = this.#parse(answer.text);
    this.#remember(answer);
    return json;
  }

  /** Sends no request for a while (a minute, unless told), and gives the error that says so. */
  pause(message: string, options: { cause?: unknown; ms?: number } = {}): FeedError {
    const { cause, ms = RATE_LIMIT_MS } = options;
    this.#resumeAt = this.#options.clock() + ms;
    return new FeedError("unavailable", message, { cause, retryAfterMs: ms });
  }

  #demandResumed(): void {
    const { name, clock } = this.#options;
    const retryAfterMs = this.#resumeAt - clock();
    if (retryAfterMs <= 0) return;
    const until = new Date(this.#resumeAt).toISOString();
    throw new FeedError("unavailable", `${name} is to be left alone until ${until}`, {
      retryAfterMs,
    });
  }

  #explainStatus({ status, headers }: Fetched): FeedError {
    const { name, clock } = this.#options;
    const message = `${name} answered with status ${status}`;
    const ms = parseRetryAfter(headers.get("retry-after"), clock());
    if (ms !== undefined) return this.pause(message, { ms });
    return status === TOO_MANY_REQUESTS
      ? this.pause(message)
      : new FeedError("unavailable", message);
  }

  /** Keeps the text, not what it parses to: that is many times as large. */
  #remember({ headers, text }: Fetched): void {
    const validators = validatorsOf(headers);
    this.#known = Object.keys(validators).length > 0 ? { validators, text } : undefined;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      const message = `${this.#options.name}'s answer is not JSON`;
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
