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

interface Count {
  bytes: number;
  containers: number;
  keys: number;
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
  const count = { bytes: 0, containers: 0, keys: 0 };
  let text = "";
  // Leaving the loop cancels the body, so an answer that is too large is not read to its end.
  for await (const chunk of body ?? []) {
    addChunk(count, chunk);
    const excess = describeExcess(count, maxBytes);
    if (excess) throw new FeedError("invalid", `${name}'s answer has more than ${excess}`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Counts inside strings too: the count is a little high, but no string needs parsing. */
function addChunk(count: Count, chunk: Uint8Array): void {
  count.bytes += chunk.byteLength;
  for (const byte of chunk) {
    if (byte === OBJECT || byte === ARRAY) count.containers++;
    else if (byte === COLON) count.keys++;
  }
}

function describeExcess({ bytes, containers, keys }: Count, maxBytes: number): string | undefined {
  if (bytes > maxBytes) return `${maxBytes} bytes`;
  if (containers > MAX_CONTAINERS) return `${MAX_CONTAINERS} objects and arrays`;
  return keys > MAX_KEYS ? `${MAX_KEYS} keys` : undefined;
}
