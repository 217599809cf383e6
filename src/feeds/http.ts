import { FeedError } from "../core/errors.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 10_000_000;
const USER_AGENT = "is-bitcoin-lit";

/** Bounds of one request to a source. */
export interface FetchBounds {
  /** How long the whole answer may take, in milliseconds. @default 10_000 */
  timeoutMs?: number;
  /** How large the decoded body may be, in bytes. @default 10_000_000 */
  maxBytes?: number;
}

/** What a request to a source needs. */
export interface FetchOptions extends FetchBounds {
  /** What errors call the source. */
  name: string;
  headers: Readonly<Record<string, string>>;
  /** Ends the request early. */
  signal: AbortSignal;
}

/** An answer of any status; its text is read only where the status is 2xx. */
export interface Fetched {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Fetches text from a source, within bounds that hold while the body is read.
 *
 * @throws {FeedError} `unavailable` (can't be reached), `invalid` (too large) or `timeout`
 */
export async function fetchText(url: string, options: FetchOptions): Promise<Fetched> {
  const { name, timeoutMs = TIMEOUT_MS } = options;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const signal = AbortSignal.any([options.signal, timeout.signal]);
    return await fetchWithin(url, { ...options, signal });
  } catch (error) {
    if (error instanceof FeedError) throw error;
    if (!timeout.signal.aborted) {
      throw new FeedError("unavailable", `${name} can't be reached`, { cause: error });
    }
    throw new FeedError("timeout", `${name} took more than ${timeoutMs} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function fetchWithin(url: string, options: FetchOptions): Promise<Fetched> {
  const { signal } = options;
  const given = { accept: "application/json", "user-agent": USER_AGENT, ...options.headers };
  const response = await fetch(url, { headers: given, signal });
  const { status, ok, headers } = response;
  if (ok) return { status, ok, headers, text: await readText(response, options) };
  await response.body?.cancel();
  return { status, ok, headers, text: "" };
}

async function readText(response: Response, options: FetchOptions): Promise<string> {
  const { name, maxBytes = MAX_BYTES } = options;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  // Leaving the loop cancels the body: an answer that is too large is not read to its end.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new FeedError("invalid", `${name}'s answer is larger than ${maxBytes} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
