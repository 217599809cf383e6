import { FeedError } from "../core/errors.ts";
import { AddressError } from "./address_error.ts";
import { readBody } from "./read_body.ts";

const MAX_REDIRECTS = 3;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

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

/** An answer of any status; the text is empty unless the status is 2xx. */
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
  throw new FeedError("unavailable", `${name} redirects more than ${MAX_REDIRECTS} times`);
}

async function read(response: Response, options: FetchOptions): Promise<Fetched> {
  const { status, ok, headers } = response;
  if (ok) return { status, ok, headers, text: await readBody(response.body, options) };
  await response.body?.cancel();
  return { status, ok, headers, text: "" };
}

function resolveRedirect(location: string, { from, name }: { from: URL; name: string }): URL {
  const target = URL.parse(location, from);
  if (target?.origin === from.origin) return target;
  const cause = new Error(`${from.host} redirects to ${target?.host ?? "an invalid URL"}`);
  throw new FeedError("unavailable", `${name} redirects to another origin`, { cause });
}

/** Keeps the reasons, and of URLs only hosts: `fetch` quotes them whole, with keys in the query. */
function hideUrls(error: unknown): Error {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  const text = messages.join(": ");
  return new Error(text.replaceAll(/\bhttps?:\/\/\S+/gi, (url) => URL.parse(url)?.host ?? "a URL"));
}
