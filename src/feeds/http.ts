import { FeedError } from "../core/errors.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 10_000_000;
const USER_AGENT = "is-bitcoin-lit";

/** Bounds of one request to a feed. */
export interface FetchOptions {
  /** Ends the request early. */
  signal: AbortSignal;
  /** How long the whole answer may take, in milliseconds. @default 10_000 */
  timeoutMs?: number;
  /** How large the decoded body may be, in bytes. @default 10_000_000 */
  maxBytes?: number;
}

/**
 * Fetches JSON from a feed, within bounds that hold while the body is read.
 *
 * @throws {FeedError} `unavailable`, `invalid` (too large, not JSON) or `timeout`
 */
export async function fetchJson(url: string, options: FetchOptions): Promise<unknown> {
  const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const signal = AbortSignal.any([options.signal, timeout.signal]);
    return parseJson(await fetchText(url, signal, maxBytes));
  } catch (error) {
    if (error instanceof FeedError) throw error;
    if (!timeout.signal.aborted) {
      throw new FeedError("unavailable", "The feed can't be reached", { cause: error });
    }
    throw new FeedError("timeout", `The feed took more than ${timeoutMs} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function fetchText(url: string, signal: AbortSignal, maxBytes: number): Promise<string> {
  const headers = { accept: "application/json", "user-agent": USER_AGENT };
  const response = await fetch(url, { headers, signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw new FeedError("unavailable", `The feed answered with status ${response.status}`);
  }
  return await readText(response, maxBytes);
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  // Leaving the loop cancels the body: a feed that is too large is not read to its end.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new FeedError("invalid", `The feed's answer is larger than ${maxBytes} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FeedError("invalid", "The feed's answer is not JSON", { cause: error });
  }
}
