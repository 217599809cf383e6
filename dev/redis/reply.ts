import type { ByteString } from "./byte_string.ts";
import { formatDoubleResp2, formatDoubleResp3 } from "./numbers.ts";

/** The supported versions of RESP. */
export type Protocol = 2 | 3;

/** A reply before it is encoded: a number or a bigint is an integer, a string a bulk string. */
export type Reply =
  | null
  | number
  | bigint
  | ByteString
  | ReplyError
  | Reply[]
  | { status: string }
  | { sequence: Reply[] }
  | Resp3Reply;

/** Types that exist only in RESP3. */
type Resp3Reply =
  | { double: number }
  | { verbatim: string }
  | { push: Reply[] }
  | { set: Reply[] }
  | Resp3Map;

type Resp3Map =
  | { map: [Reply, Reply][] }
  /** A map whose entries are pairs in RESP2. */
  | { labels: [ByteString, Reply][] }
  /** A map from keys to lists, which start with the key in RESP2. */
  | { series: { key: ByteString; values: Reply[] }[] };

/** The reply `+OK`. */
export const OK: Reply = { status: "OK" };

/** An error reply; the message starts with a code, usually `ERR`. */
export class ReplyError extends Error {
  override readonly name = "ReplyError";
}

/** Creates the error for a call with too few or too many arguments. */
export function wrongArity(command: string): ReplyError {
  return new ReplyError(`ERR wrong number of arguments for '${command}' command`);
}

/** Creates the error for an argument or a value that is not a signed 64-bit integer. */
export function notAnInteger(): ReplyError {
  return new ReplyError("ERR value is not an integer or out of range");
}

/** Encodes a reply as RESP; a sequence becomes one reply after the other. */
export function encodeReply(reply: Reply, protocol: Protocol): ByteString {
  if (reply === null) return protocol === 3 ? "_\r\n" : "$-1\r\n";
  if (typeof reply === "number" || typeof reply === "bigint") return `:${reply}\r\n`;
  if (typeof reply === "string") return `$${reply.length}\r\n${reply}\r\n`;
  if (reply instanceof ReplyError) return `-${reply.message.replace(/[\r\n]/g, " ")}\r\n`;
  if (Array.isArray(reply)) return encodeList("*", reply, protocol);
  if ("status" in reply) return `+${reply.status}\r\n`;
  if ("sequence" in reply) return encodeAll(reply.sequence, protocol);
  return protocol === 3 ? encodeResp3(reply) : encodeReply(downgrade(reply), 2);
}

function encodeResp3(reply: Resp3Reply): ByteString {
  if ("double" in reply) return `,${formatDoubleResp3(reply.double)}\r\n`;
  if ("verbatim" in reply) return `=${reply.verbatim.length + 4}\r\ntxt:${reply.verbatim}\r\n`;
  if ("push" in reply) return encodeList(">", reply.push, 3);
  if ("set" in reply) return encodeList("~", reply.set, 3);
  const entries = mapEntries(reply);
  return `%${entries.length}\r\n${encodeAll(entries.flat(), 3)}`;
}

function mapEntries(
  reply: Resp3Map,
): [Reply, Reply][] {
  if ("series" in reply) return reply.series.map(({ key, values }) => [key, values]);
  return "labels" in reply ? reply.labels : reply.map;
}

/** Returns the RESP2 reply that stands for a RESP3 type. */
function downgrade(reply: Resp3Reply): Reply {
  if ("double" in reply) return { status: formatDoubleResp2(reply.double) };
  if ("verbatim" in reply) return reply.verbatim;
  if ("push" in reply) return reply.push;
  if ("set" in reply) return reply.set;
  if ("series" in reply) return reply.series.map(({ key, values }) => [key, ...values]);
  return "labels" in reply ? reply.labels : reply.map.flat();
}

function encodeList(type: "*" | ">" | "~", items: Reply[], protocol: Protocol): ByteString {
  return `${type}${items.length}\r\n` + encodeAll(items, protocol);
}

function encodeAll(replies: Reply[], protocol: Protocol): ByteString {
  let encoded = "";
  for (const reply of replies) encoded += encodeReply(reply, protocol);
  return encoded;
}
