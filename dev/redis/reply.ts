import type { ByteString } from "./byte_string.ts";
import { formatDoubleResp2, formatDoubleResp3 } from "./numbers.ts";

/** The versions of the protocol a connection can speak. */
export type Protocol = 2 | 3;

/** A reply before it is encoded; a number is an integer, a string is a bulk string. */
export type Reply =
  | null
  | number
  | ByteString
  | ReplyError
  | Reply[]
  | { status: string }
  | Resp3Reply;

/** The types that RESP2 has not. */
type Resp3Reply =
  | { double: number }
  | { verbatim: string }
  | { map: [ByteString, Reply][] }
  | { push: Reply[] };

/** The reply `+OK`. */
export const OK: Reply = { status: "OK" };

/** An error reply; the message starts with its code, `ERR` as a rule. */
export class ReplyError extends Error {
  override readonly name = "ReplyError";
}

/** The error of a call with too few or too many arguments. */
export function wrongArity(command: string): ReplyError {
  return new ReplyError(`ERR wrong number of arguments for '${command}' command`);
}

/** Encodes a reply as RESP. */
export function encodeReply(reply: Reply, protocol: Protocol): ByteString {
  if (reply === null) return protocol === 3 ? "_\r\n" : "$-1\r\n";
  if (typeof reply === "number") return `:${reply}\r\n`;
  if (typeof reply === "string") return `$${reply.length}\r\n${reply}\r\n`;
  if (reply instanceof ReplyError) return `-${reply.message.replace(/[\r\n]/g, " ")}\r\n`;
  if (Array.isArray(reply)) return encodeList("*", reply, protocol);
  if ("status" in reply) return `+${reply.status}\r\n`;
  return protocol === 3 ? encodeResp3(reply) : encodeReply(downgrade(reply), 2);
}

function encodeResp3(reply: Resp3Reply): ByteString {
  if ("double" in reply) return `,${formatDoubleResp3(reply.double)}\r\n`;
  if ("verbatim" in reply) return `=${reply.verbatim.length + 4}\r\ntxt:${reply.verbatim}\r\n`;
  if ("push" in reply) return encodeList(">", reply.push, 3);
  const entries = reply.map.map(([key, value]) => encodeReply(key, 3) + encodeReply(value, 3));
  return `%${entries.length}\r\n${entries.join("")}`;
}

/** What RESP2 says instead. */
function downgrade(reply: Resp3Reply): Reply {
  if ("double" in reply) return { status: formatDoubleResp2(reply.double) };
  if ("verbatim" in reply) return reply.verbatim;
  return "push" in reply ? reply.push : reply.map.flat();
}

function encodeList(type: "*" | ">", items: Reply[], protocol: Protocol): ByteString {
  let encoded = `${type}${items.length}\r\n`;
  for (const item of items) encoded += encodeReply(item, protocol);
  return encoded;
}
