import { FeedError } from "../core/errors.ts";

/** The most rows that an answer may have. */
export const MAX_ROWS = 50_000;

// Parsing is one step that nothing else can interrupt: 4 MB of `{},{}` take 250 ms, of distinct keys
// 300 ms. Objects, arrays and values make it slow, so they are counted while the bytes arrive.
const CONTAINERS_PER_ROW = 2;
const VALUES_PER_ROW = 5;

const OBJECT = "{".charCodeAt(0);
const ARRAY = "[".charCodeAt(0);
const COMMA = ",".charCodeAt(0);

/** What reading a body needs. */
export interface ReadBodyOptions {
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
export async function readBody(
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
    if (excess) throw new FeedError("invalid", `${options.name}'s answer has more than ${excess}`);
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
