import type { Clock } from "../samples/clock.ts";
import {
  createEntityTag,
  matchesEntityTag,
  type ResponseHeaders,
  tagEncoding,
  toNotModified,
  withCommonHeaders,
} from "./reply.ts";

/** Compression saves little on smaller bodies. */
const MIN_COMPRESSED_BYTES = 1_024;

/**
 * A `Response` copies a body that is given as bytes, and holds the copy until the client has read it:
 * 200 requests for a large file on a connection that reads nothing took 350 MB. Larger bodies are
 * streams, whose chunks are views of the one buffer.
 */
const MAX_COPIED_BYTES = 16_384;

const MAX_RECENT_MS = 1_000;

/** What a content consists of. */
export interface ContentOptions {
  body: string | Uint8Array<ArrayBuffer>;
  /** @default 0 */
  revision?: number | undefined;
  /** `content-type`, `cache-control` and what else this content needs. */
  headers: ResponseHeaders;
  /** What the choice of this content depends on, beside the encoding. @default none */
  vary?: string;
}

interface Encoded {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  /** Without the length, which a 304 must not have. */
  readonly headers: Headers;
}

/** A body that is encoded once and sent to many, compressed for those who accept it. */
export class Content {
  readonly #identity: Encoded;
  readonly #compressed = new Map<ContentEncoding, Promise<Encoded>>();

  constructor({ body, revision, headers, vary }: ContentOptions) {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const etag = createEntityTag(bytes, revision);
    const names = vary === undefined ? "accept-encoding" : `accept-encoding, ${vary}`;
    const complete = new Headers(withCommonHeaders({ ...headers, vary: names, etag }));
    this.#identity = { body: bytes, etag, headers: complete };
  }

  /** Answers with the body in an encoding that the client accepts, or with 304. */
  async reply(request: Request): Promise<Response> {
    const encoding = chooseEncoding(request.headers.get("accept-encoding"));
    const { body, etag, headers } = await this.#encode(encoding);
    const known = request.headers.get("if-none-match");
    const isKnown = known !== null && matchesEntityTag(known, etag);
    return isKnown
      ? new Response(null, { status: 304, headers: toNotModified(headers) })
      : replyBytes(body, headers);
  }

  #encode(encoding: ContentEncoding): Encoded | Promise<Encoded> {
    const isSmall = this.#identity.body.byteLength < MIN_COMPRESSED_BYTES;
    if (encoding === "identity" || isSmall) return this.#identity;
    const known = this.#compressed.get(encoding);
    if (known !== undefined) return known;
    const encoded = this.#compress(encoding);
    this.#compressed.set(encoding, encoded);
    // The requests that wait get the error; later ones try again.
    encoded.catch(() => this.#compressed.delete(encoding));
    return encoded;
  }

  async #compress(encoding: "br" | "gzip"): Promise<Encoded> {
    const etag = tagEncoding(this.#identity.etag, encoding);
    const headers = new Headers(this.#identity.headers);
    headers.set("etag", etag);
    headers.set("content-encoding", encoding);
    // Loaded at the first use: loading zlib takes 2 ms of the start.
    const { compress } = await import("./compress.ts");
    return { body: await compress(this.#identity.body, encoding), etag, headers };
  }
}

function replyBytes(body: Uint8Array<ArrayBuffer>, headers: Headers): Response {
  if (body.byteLength <= MAX_COPIED_BYTES) return new Response(body, { headers });
  const response = new Response(streamBytes(body), { headers });
  // Without it, a stream is sent without a length.
  response.headers.set("content-length", String(body.byteLength));
  return response;
}

/** Streams views of a buffer, one for each pull. */
function streamBytes(body: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let start = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(body.subarray(start, start += MAX_COPIED_BYTES));
      if (start >= body.byteLength) controller.close();
    },
  }, { highWaterMark: 0 });
}

/** Creates a function that turns each source into its content once, for as long as the source is in use. */
export function createContentCache<Source extends object>(
  describe: (source: Source) => ContentOptions,
): (source: Source) => Content {
  const contents = new WeakMap<Source, Content>();
  return (source) => {
    const content = contents.get(source) ?? new Content(describe(source));
    contents.set(source, content);
    return content;
  };
}

/**
 * Returns what `load` last returned, at most a second old, failures included: a flood of requests
 * costs one load a second.
 */
export function createRecent<T>(load: () => Promise<T>, clock: Clock): () => Promise<T> {
  let last: { readonly value: Promise<T>; endedAt: number } | undefined;
  return () => {
    if (last !== undefined && clock.elapsed() - last.endedAt < MAX_RECENT_MS) return last.value;
    const loading = { value: load(), endedAt: Infinity };
    const end = () => {
      loading.endedAt = clock.elapsed();
    };
    loading.value.then(end, end);
    last = loading;
    return loading.value;
  };
}

/** What a body can be sent as. */
export type ContentEncoding = "br" | "gzip" | "identity";

/** Chooses the encoding that `Accept-Encoding` prefers; ties go to the smaller one. */
export function chooseEncoding(acceptEncoding: string | null): ContentEncoding {
  if (acceptEncoding === null) return "identity";
  const weights = parseWeights(acceptEncoding);
  const [br, gzip] = [weightOf("br", weights), weightOf("gzip", weights)];
  const identity = weights.get("identity") ?? 0;
  if (br > 0 && br >= gzip && br >= identity) return "br";
  return gzip > 0 && gzip >= identity ? "gzip" : "identity";
}

function weightOf(coding: string, weights: ReadonlyMap<string, number>): number {
  return weights.get(coding) ?? weights.get("*") ?? 0;
}

/**
 * Reads what a header such as `Accept-Encoding` lists, in lower case, and how much each is wanted: 0…1, and
 * 0 if the weight is no such number. No regular expression that a long header could slow down.
 */
export function parseWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.split(",")) {
    const [value = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    weights.set(value, weight >= 0 && weight <= 1 ? weight : 0);
  }
  return weights;
}
