import { AddressError, FeedError } from "./errors.ts";
import type { Pauses } from "./pauses.ts";

/** The most rows that an answer may have. */
export const MAX_ROWS = 50_000;

// Parsing is one step that nothing else can interrupt: 4 MB of `{},{}` take 250 ms, of distinct keys
// 300 ms. Objects, arrays and values make it slow, so they are counted while the bytes arrive.
const CONTAINERS_PER_ROW = 2;

const VALUES_PER_ROW = 5;

const OBJECT = "{".charCodeAt(0);

const ARRAY = "[".charCodeAt(0);

const COMMA = ",".charCodeAt(0);

const MAX_ERROR_BYTES = 10_000;

const MAX_REDIRECTS = 3;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Limits of one request to a source. */
export interface FetchBounds {
  /** How long the whole answer may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** How large the decoded body may be, in bytes. */
  readonly maxBytes?: number;
}

/** What all requests to sources share. */
export interface RequestOptions {
  /** Unix milliseconds that never step back: what rows must not lie ahead of. */
  readonly now: () => number;
  /** The wall clock in Unix milliseconds: what rows are old by, once a clock ahead was set right. @default now */
  readonly wallNow?: () => number;
  /** @default "is-bitcoin-lit" */
  readonly userAgent?: string;
  /** Replaces each source's own limits; for tests. */
  readonly bounds?: FetchBounds;
  /** Which addresses must not be asked now. @default pauses of each source's own */
  readonly pauses?: Pauses;
}

/** What a request to a source needs. */
export interface FetchOptions {
  /** What errors call the source. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long the whole answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How large the decoded body may be, in bytes. */
  readonly maxBytes: number;
  /** How many rows it may have; an answer with far more is not read to its end. */
  readonly maxRows: number;
  /** Ends the request early. */
  readonly signal: AbortSignal;
}

/** An answer of any status; the text is empty if the status is not 2xx and the body is long. */
export interface Fetched {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Fetches text from a source, within limits that hold while the body is read. Follows redirects on
 * the same origin only: another one could be a host inside of the network.
 *
 * @throws {FeedError} `unavailable` (not reached, or redirected elsewhere), `invalid` (too large) or
 * `timeout`
 */
export async function fetchText(url: string, options: FetchOptions): Promise<Fetched> {
  const { name, timeoutMs } = options;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const signal = AbortSignal.any([options.signal, timeout.signal]);
    return await followRedirects(new URL(url), { ...options, signal });
  } catch (error) {
    if (error instanceof FeedError) throw error;
    const cause = hideUrls(error);
    if (timeout.signal.aborted) {
      throw new AddressError("timeout", `${name} took more than ${timeoutMs} ms`, { cause });
    }
    throw new AddressError("unavailable", `${name} can't be reached`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function followRedirects(url: URL, options: FetchOptions): Promise<Fetched> {
  const { name, headers, signal } = options;
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetch(target, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (location === null || !REDIRECTS.has(response.status)) return read(response, options);
    await response.body?.cancel();
    target = resolveRedirect(location, { from: target, name });
  }
  throw new AddressError("unavailable", `${name} redirects more than ${MAX_REDIRECTS} times`);
}

async function read(response: Response, options: FetchOptions): Promise<Fetched> {
  const { status, ok, headers } = response;
  if (ok) return { status, ok, headers, text: await readBody(response.body, options) };
  // The status says enough, whatever becomes of the body.
  const text = readBody(response.body, { ...options, maxBytes: MAX_ERROR_BYTES }).catch(() => "");
  return { status, ok, headers, text: await text };
}

function resolveRedirect(location: string, { from, name }: { from: URL; name: string }): URL {
  const target = URL.parse(location, from);
  if (target?.origin === from.origin) return target;
  const cause = new Error(`${from.host} redirects to ${target?.host ?? "an invalid URL"}`);
  throw new AddressError("unavailable", `${name} redirects to another origin`, { cause });
}

/** Keeps the reasons, and of URLs only hosts: `fetch` quotes them whole, with keys in the query. */
function hideUrls(error: unknown): Error {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  const text = messages.join(": ");
  return new Error(text.replaceAll(/\bhttps?:\/\/\S+/gi, (url) => URL.parse(url)?.host ?? "a URL"));
}

/** What reading a body needs. */
interface ReadBodyOptions {
  /** What errors call the source. */
  readonly name: string;
  readonly maxBytes: number;
  readonly maxRows: number;
}

interface Count {
  bytes: number;
  containers: number;
  values: number;
}

/**
 * Reads a body of JSON as text, no further than its limits.
 *
 * @throws {FeedError} `invalid` when it is larger than `maxBytes`, or has far too many rows
 */
async function readBody(
  body: ReadableStream<Uint8Array> | null,
  options: ReadBodyOptions,
): Promise<string> {
  const decoder = new TextDecoder();
  const count = { bytes: 0, containers: 0, values: 0 };
  let text = "";
  // Leaving the loop cancels the body, so an answer that is too large is not read to its end.
  for await (const chunk of body ?? []) {
    addChunk(count, chunk);
    const excess = describeExcess(count, options);
    // A page with much code, most of the time: another address need not have it.
    if (excess) {
      throw new AddressError("invalid", `${options.name}'s answer has more than ${excess}`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Counts inside strings too: the count is a little high, but no string needs parsing. */
function addChunk(count: Count, chunk: Uint8Array): void {
  count.bytes += chunk.byteLength;
  for (const byte of chunk) {
    if (byte === OBJECT || byte === ARRAY) count.containers++;
    else if (byte === COMMA) count.values++;
  }
}

function describeExcess(
  { bytes, containers, values }: Count,
  { maxBytes, maxRows }: ReadBodyOptions,
): string | undefined {
  const maxContainers = CONTAINERS_PER_ROW * maxRows;
  const maxValues = VALUES_PER_ROW * maxRows;
  if (bytes > maxBytes) return `${maxBytes} bytes`;
  if (containers > maxContainers) return `${maxContainers} objects and arrays`;
  return values > maxValues ? `${maxValues} values` : undefined;
}
