import { type ByteString, toBytes } from "./redis/byte_string.ts";

/** A reply under RESP2 as a client tells its types apart; a bulk string is a `text`. */
export type ClientReply =
  | null
  | { text: string }
  | { status: string }
  | { error: string }
  | { integer: string }
  | { items: ClientReply[] };

interface Read {
  readonly reply: ClientReply;
  /** Where the next reply starts. */
  readonly end: number;
}

/** Reads the reply that starts at a position, or returns `undefined` when more bytes are needed. */
export function readReply(received: ByteString, start = 0): Read | undefined {
  const lineEnd = received.indexOf("\r\n", start);
  if (lineEnd < 0) return undefined;
  const type = received[start];
  const line = received.slice(start + 1, lineEnd);
  const end = lineEnd + 2;
  if (type === "+") return { reply: { status: line }, end };
  if (type === "-") return { reply: { error: line }, end };
  if (type === ":") return { reply: { integer: line }, end };
  if (line === "-1") return { reply: null, end };
  if (type === "$") return readText(received, end, Number(line));
  if (type === "*") return readItems(received, end, Number(line));
  throw new Error(`Read a reply of RESP2: it must start with one of +-:$*, not "${type}"`);
}

function readText(received: ByteString, start: number, length: number): Read | undefined {
  const end = start + length + 2;
  if (received.length < end) return undefined;
  const text = new TextDecoder().decode(toBytes(received.slice(start, end - 2)));
  return { reply: { text }, end };
}

function readItems(received: ByteString, start: number, count: number): Read | undefined {
  const items: ClientReply[] = [];
  let end = start;
  while (items.length < count) {
    const read = readReply(received, end);
    if (read === undefined) return undefined;
    items.push(read.reply);
    end = read.end;
  }
  return { reply: { items }, end };
}

/** Writes a reply as `redis-cli` does; `indent` is what later lines start with. */
export function formatReply(reply: ClientReply, indent = ""): string {
  if (reply === null) return "(nil)";
  if ("text" in reply) return JSON.stringify(reply.text);
  if ("status" in reply) return reply.status;
  if ("error" in reply) return `(error) ${reply.error}`;
  if ("integer" in reply) return `(integer) ${reply.integer}`;
  if (reply.items.length === 0) return "(empty array)";
  const width = String(reply.items.length).length;
  const nested = indent + " ".repeat(width + 2);
  return reply.items
    .map((item, i) => `${String(i + 1).padStart(width)}) ${formatReply(item, nested)}`)
    .join(`\n${indent}`);
}
