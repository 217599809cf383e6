import type { Context } from "hono";
import { ProblemError, SlowReaderError } from "../http/problem.ts";
import { hashOf, withCommonHeaders } from "../http/reply.ts";
import type { Log } from "../log.ts";
import { StoreError } from "../redis/command.ts";
import type { EncodedAnswer } from "./answer.ts";
import { NoDataError } from "./load.ts";
import type { SummaryOptions } from "./routes.ts";
import type { RevisedSummary } from "./wire.ts";

const MAX_UNREAD_BYTES = 65_536;

/** How unread bytes are counted. */
const STRATEGY = {
  highWaterMark: MAX_UNREAD_BYTES,
  size: (bytes?: Uint8Array) => bytes?.byteLength ?? 0,
};

const HEARTBEAT_MS = 15_000;

/** Each stream belongs to one group, so that 10,000 heartbeats do not leave at once. */
const HEARTBEAT_GROUPS = 15;

const LOOK_MS = 3_000;

const RETRY_MS = 3_000;

const HEADERS = new Headers(withCommonHeaders({
  "content-type": "text/event-stream",
  // A proxy that compresses would hold events back until the end.
  "cache-control": "no-store, no-transform",
  // Without it, nginx holds events back until a buffer is full.
  "x-accel-buffering": "no",
}));

/** An event as it is sent: first on a stream, and later. */
interface EncodedEvent {
  /** With the pause before reconnecting: as a block of its own it is an empty event to naive clients. */
  readonly first: Uint8Array;
  readonly next: Uint8Array;
}

const HEARTBEAT = encodeEvent("event: heartbeat\ndata: {}\n\n");

/** What sending the answer to open streams needs. */
export interface EventStreamsOptions extends SummaryOptions {
  log: Log;
  /** How often each stream gets a heartbeat, in milliseconds. @default 15_000 */
  heartbeatMs?: number;
  /** How often the answer is compared with what was sent, in milliseconds. @default 3_000 */
  lookMs?: number;
  /** How many streams may be open at once. */
  maxStreams: number;
}

interface Stream {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly group: number;
  /** The hash of the last answer that the client has. */
  knownHash: string | undefined;
  hasBegun: boolean;
}

/** The open streams of `GET /events` (server-sent events of the HTML standard). */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #streams = new Set<Stream>();
  #timers: ReturnType<typeof setInterval>[] = [];
  #group = 0;
  #opened = 0;
  #isClosed = false;
  #lastSent: { readonly etag: string; readonly event: EncodedEvent } | undefined;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** Answers with a stream: the answer at once, then at every change. */
  open(c: Context): Response {
    const { maxStreams } = this.#options;
    if (this.size >= maxStreams) {
      throw new ProblemError("too-many-streams", `At most ${maxStreams} streams may be open`, {
        headers: { "retry-after": "30" },
      });
    }
    return new Response(this.#createStream(c.req.header("last-event-id")), { headers: HEADERS });
  }

  /** Sends the answer to every stream whose client does not have it. */
  send(summary: RevisedSummary): void {
    if (this.size === 0) return;
    const answer = this.#options.encodeAnswer(summary);
    for (const stream of this.#streams) this.#sendTo(stream, answer);
  }

  /** Ends every stream, now and from now on; clients come back, to another instance or process. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#streams) this.#end(stream);
  }

  #createStream(knownId: string | undefined): ReadableStream<Uint8Array> {
    let stream: Stream;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        const group = this.#opened++ % HEARTBEAT_GROUPS;
        const knownHash = knownId && hashOf(knownId);
        stream = { controller, group, knownHash, hasBegun: false };
        if (this.#isClosed) return controller.close();
        this.#streams.add(stream);
        this.#startTimers();
        this.#begin(stream);
      },
      cancel: () => this.#forget(stream),
    }, STRATEGY);
  }

  /** Sends the answer to a new stream, else a heartbeat; the others are not looked at. */
  async #begin(stream: Stream): Promise<void> {
    const { encodeAnswer } = this.#options;
    await this.#read((summary) => this.#sendTo(stream, encodeAnswer(summary)));
    if (!stream.hasBegun && this.#streams.has(stream)) this.#write(stream, HEARTBEAT);
  }

  /** Reads the summary, if there is one now. Without one, streams stay open until it comes. */
  async #read(use: (summary: RevisedSummary) => void): Promise<void> {
    try {
      await this.#options.summaries.read(use);
    } catch (error) {
      if (error instanceof NoDataError || error instanceof StoreError) return;
      this.#options.log.error("checking for a new answer failed", { error });
    }
  }

  #sendTo(stream: Stream, { etag, body }: EncodedAnswer): void {
    const hash = hashOf(etag);
    if (stream.knownHash === hash || !this.#streams.has(stream)) return;
    stream.knownHash = hash;
    if (this.#lastSent?.etag !== etag) {
      const event = encodeEvent(`event: summary\nid: ${etag}\ndata: ${body.trimEnd()}\n\n`);
      this.#lastSent = { etag, event };
    }
    this.#write(stream, this.#lastSent.event);
  }

  /** Queues an event. A client that does not read is dropped: its bytes would fill the memory. */
  #write(stream: Stream, { first, next }: EncodedEvent): void {
    if ((stream.controller.desiredSize ?? 0) > 0) {
      stream.controller.enqueue(stream.hasBegun ? next : first);
      stream.hasBegun = true;
      return;
    }
    this.#forget(stream);
    stream.controller.error(new SlowReaderError(MAX_UNREAD_BYTES));
  }

  #startTimers(): void {
    if (this.#timers.length > 0) return;
    const { heartbeatMs = HEARTBEAT_MS, lookMs = LOOK_MS } = this.#options;
    this.#timers = [
      setInterval(() => this.#beat(), heartbeatMs / HEARTBEAT_GROUPS),
      // Sends changes that no announcement brought: a lost message, or data that went stale.
      setInterval(() => this.#read((summary) => this.send(summary)), lookMs),
    ];
  }

  #beat(): void {
    this.#group = (this.#group + 1) % HEARTBEAT_GROUPS;
    for (const stream of this.#streams) {
      if (stream.group === this.#group) this.#write(stream, HEARTBEAT);
    }
  }

  #end(stream: Stream): void {
    this.#forget(stream);
    stream.controller.close();
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.size > 0) return;
    this.#timers.forEach(clearInterval);
    this.#timers = [];
  }
}

function encodeEvent(text: string): EncodedEvent {
  const encoder = new TextEncoder();
  return { first: encoder.encode(`retry: ${RETRY_MS}\n${text}`), next: encoder.encode(text) };
}
