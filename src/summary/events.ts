import type { Context } from "hono";
import { ProblemError, SlowReaderError } from "../http/problem.ts";
import { hashOf, withCommonHeaders } from "../http/reply.ts";
import type { Log } from "../log.ts";
import { StoreError } from "../redis/command.ts";
import type { EncodedAnswer } from "./answer.ts";
import { NoDataError } from "./load.ts";
import type { SummaryOptions } from "./routes.ts";
import type { RevisedSummary } from "./wire.ts";

const MAX_STREAMS = 1_000;

const MAX_UNREAD_BYTES = 65_536;

const HEARTBEAT_MS = 15_000;

const LOOK_MS = 3_000;

const RETRY_MS = 3_000;

const HEADERS = new Headers(withCommonHeaders({
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // Without it, nginx holds events back until a buffer is full.
  "x-accel-buffering": "no",
}));

const HEARTBEAT = encodeText(":\n\n");

const FIRST_LINES = encodeText(`retry: ${RETRY_MS}\n\n`);

/** What sending the answer to open streams needs. */
export interface EventStreamsOptions extends SummaryOptions {
  log: Log;
  /** How often a comment keeps a stream open, in milliseconds. @default 15_000 */
  heartbeatMs?: number;
  /** How often the answer is compared with what was sent, in milliseconds. @default 3_000 */
  lookMs?: number;
  /** How many streams may be open at once. @default 1_000 */
  maxStreams?: number;
}

interface Stream {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** The hash of the last answer that the client has. */
  knownHash: string | undefined;
}

/** The open streams of `GET /events` (server-sent events of the HTML standard). */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #streams = new Set<Stream>();
  #timers: ReturnType<typeof setInterval>[] = [];
  #isClosed = false;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** Answers with a stream: the answer at once, then at every change. */
  open(c: Context): Response {
    const { maxStreams = MAX_STREAMS } = this.#options;
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
    const hash = hashOf(answer.etag);
    const event = encodeEvent(answer);
    for (const stream of this.#streams) {
      if (stream.knownHash === hash) continue;
      stream.knownHash = hash;
      this.#write(stream, event);
    }
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
        stream = { controller, knownHash: knownId && hashOf(knownId) };
        this.#streams.add(stream);
        this.#write(stream, FIRST_LINES);
        if (this.#isClosed) return this.#end(stream);
        this.#startTimers();
        this.#look();
      },
      cancel: () => this.#forget(stream),
    }, { highWaterMark: MAX_UNREAD_BYTES, size: (bytes) => bytes?.byteLength ?? 0 });
  }

  /** Sends changes that no announcement brought: a lost message, or data that went stale. */
  async #look(): Promise<void> {
    const { summaries, log } = this.#options;
    try {
      await summaries.read((summary) => this.send(summary));
    } catch (error) {
      // The stream stays open until there is a summary.
      if (error instanceof NoDataError || error instanceof StoreError) return;
      log.error("checking for a new answer failed", { error });
    }
  }

  /** Queues bytes. A client that does not read is dropped: its bytes would fill the memory. */
  #write(stream: Stream, bytes: Uint8Array): void {
    if ((stream.controller.desiredSize ?? 0) > 0) return stream.controller.enqueue(bytes);
    this.#forget(stream);
    stream.controller.error(new SlowReaderError(MAX_UNREAD_BYTES));
  }

  #startTimers(): void {
    if (this.#timers.length > 0) return;
    const { heartbeatMs = HEARTBEAT_MS, lookMs = LOOK_MS } = this.#options;
    this.#timers = [
      setInterval(() => this.#beat(), heartbeatMs),
      setInterval(() => this.#look(), lookMs),
    ];
  }

  #beat(): void {
    for (const stream of this.#streams) this.#write(stream, HEARTBEAT);
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

function encodeEvent({ etag, body }: EncodedAnswer): Uint8Array {
  return encodeText(`event: summary\nid: ${etag}\ndata: ${body.trimEnd()}\n\n`);
}

function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
