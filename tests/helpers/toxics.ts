import { Buffer } from "node:buffer";
import { RequestReader } from "../../dev/redis/request_reader.ts";
import { encodeRequest } from "../dev/redis/resp_client.ts";
import type { Link, Toxic } from "./tcp_proxy.ts";

// The first seven are those of toxiproxy; its eighth, down, is a method of TcpProxy.

/** Passes each chunk on after `ms`. */
export function latency(ms: number): Toxic {
  return {
    async *down(chunk, link, arrivedAt) {
      await link.sleep(arrivedAt + ms - performance.now());
      yield chunk;
    },
  };
}

/** Passes on a limited number of bytes per second. */
export function bandwidth(bytesPerSecond: number): Toxic {
  const bytes = Math.ceil(bytesPerSecond / 100);
  return slicer(bytes, bytes / bytesPerSecond * 1_000);
}

/** Passes the end of the connection on after `ms`. */
export function slowClose(ms: number): Toxic {
  return { closing: (link) => link.sleep(ms) };
}

/** Passes nothing on, and closes after `ms`. */
export function timeout(ms: number): Toxic {
  return {
    async *down(chunk, link) {
      await link.sleep(ms);
      link.close();
      yield chunk.subarray(0, 0);
    },
  };
}

/** Resets the connection in the middle of a reply. */
export function resetPeer(): Toxic {
  return {
    async *down(chunk, link) {
      yield half(chunk);
      link.reset();
    },
  };
}

/** Passes on slices of `bytes`, `ms` apart. */
export function slicer(bytes: number, ms: number): Toxic {
  return {
    async *down(chunk, link) {
      // The times are fixed beforehand: on a busy machine the delays of hundreds of timers would
      // add up to more than a command may take.
      let due = performance.now();
      for (let start = 0; start < chunk.length; start += bytes) {
        yield chunk.subarray(start, start + bytes);
        due += ms;
        await link.sleep(due - performance.now());
      }
    },
  };
}

/** Closes a connection after it has passed on `bytes`. */
export function limitData(bytes: number): Toxic {
  const passed = new WeakMap<Link, number>();
  return {
    async *down(chunk, link) {
      const before = passed.get(link) ?? 0;
      passed.set(link, before + chunk.length);
      yield chunk.subarray(0, Math.max(0, bytes - before));
      if (before + chunk.length >= bytes) link.close();
    },
  };
}

/** Resets a connection when bytes from Redis match; others pass through another toxic. */
export function resetAt(pattern: RegExp, other: Toxic = {}): Toxic {
  return {
    ...other,
    async *down(chunk, link, arrivedAt) {
      if (pattern.test(chunk.toString("latin1"))) return link.reset();
      if (other.down === undefined) yield chunk;
      else yield* other.down(chunk, link, arrivedAt);
    },
  };
}

/** Accepts connections and never answers: only new ones work when it ends. */
export function hang(): Toxic {
  return {
    async *down(chunk, link) {
      await link.silence();
      yield chunk;
    },
  };
}

/** Passes on half of each chunk, and the rest when it ends. */
export function halfWritten(): Toxic {
  return {
    async *down(chunk, link) {
      yield half(chunk);
      await link.sleep(Infinity);
      yield chunk.subarray(half(chunk).length);
    },
  };
}

/** Passes on random bytes after one with which no reply begins: others could look like a reply. */
export function garbage(): Toxic {
  return {
    async *down(chunk) {
      yield new Uint8Array([0xff]);
      yield crypto.getRandomValues(new Uint8Array(Math.min(chunk.length, 60_000)));
    },
  };
}

/** A reply that replaces that of Redis, for the requests that match. */
export interface Substitute {
  readonly request: RegExp;
  /** The bytes of the reply, in RESP. */
  readonly reply: string;
  /** Which connections it applies to. @default all */
  readonly links?: (link: Link) => boolean;
}

/** Replaces the replies to Redis requests that match; the order of replies stays. */
export function substitute(...substitutes: Substitute[]): Toxic {
  const readers = new WeakMap<Link, RequestReader>();
  return {
    async *up(chunk, link) {
      const reader = readers.get(link) ?? new RequestReader();
      readers.set(link, reader);
      reader.push(chunk.toString("latin1"));
      for (let request = reader.next(); request !== undefined; request = reader.next()) {
        const line = request.join(" ");
        const i = substitutes.findIndex(({ request, links }) =>
          request.test(line) && (links === undefined || links(link))
        );
        // The reply to this request can be recognized among the others.
        yield Buffer.from(encodeRequest(i < 0 ? request : ["PING", mark(i)]), "latin1");
      }
    },
    async *down(chunk) {
      const text = substitutes.reduce(
        (text, { reply }, i) => text.replaceAll(`$${mark(i).length}\r\n${mark(i)}\r\n`, reply),
        chunk.toString("latin1"),
      );
      yield Buffer.from(text, "latin1");
    },
  };
}

/** Refuses the Redis requests that match with an error such as `OOM …`. */
export function refuse(request: RegExp, error: string): Toxic {
  return substitute({ request, reply: `-${error}\r\n` });
}

function mark(i: number): string {
  return `substitute-${i}`;
}

function half(chunk: Buffer): Buffer {
  return chunk.subarray(0, Math.ceil(chunk.length / 2));
}
