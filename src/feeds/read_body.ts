import { FeedError } from "../core/errors.ts";

/** The most rows that an answer may have. */
export const MAX_ROWS = 50_000;

// Parsing is one step that nothing else can interrupt: 4 MB of `{},{}` take 250 ms, of distinct keys
// 300 ms. Objects, arrays and keys make it slow, so they are counted while the bytes arrive.
const MAX_CONTAINERS = 2 * MAX_ROWS;
const MAX_KEYS = 5 * MAX_ROWS;

const OBJECT = "{".charCodeAt(0);
const ARRAY = "[".charCodeAt(0);
const COLON = ":".charCodeAt(0);

/** What reading a body needs. */
export interface ReadBodyOptions {
  /** What errors call the source. */
  readonly name: string;
  readonly maxBytes: number;
}

/**
 * Reads a body of JSON as text, no further than its limits.
 *
 * @throws {FeedError} `invalid` when it is larger than `maxBytes`, or has far too many rows
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  { name, maxBytes }: ReadBodyOptions,
): Promise<string> {
  const decoder = new TextDecoder();
  const total = { bytes: 0, containers: 0, keys: 0 };
  let text = "";
  // Leaving the loop cancels the body, so an answer that is too large is not read to its end.
  for await (const chunk of body ?? []) {
    total.bytes += chunk.byteLength;
    countStructure(chunk, total);
    if (total.bytes > maxBytes) {
      throw new FeedError("invalid", `${name}'s answer is larger than ${maxBytes} bytes`);
    }
    if (total.containers > MAX_CONTAINERS || total.keys > MAX_KEYS) {
      throw new FeedError("invalid", `${name}'s answer has more than ${MAX_ROWS} rows`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Counts inside of strings too: a few too many, and no quotes to follow. */
function countStructure(chunk: Uint8Array, total: { containers: number; keys: number }): void {
  let containers = 0;
  let keys = 0;
  for (const byte of chunk) {
    if (byte === OBJECT || byte === ARRAY) containers++;
    else if (byte === COLON) keys++;
  }
  total.containers += containers;
  total.keys += keys;
}
