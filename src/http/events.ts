import type { Context } from "hono";
import type { Answer, Summary } from "../core/summary.ts";
import type { Encoded } from "./json.ts";
import { ProblemError } from "./problem.ts";
import { complete, reply } from "./reply.ts";
import { createAnswerEncoder, type SummaryOptions } from "./summary.ts";

const MAX_STREAMS = 1_000;
const MAX_UNREAD_BYTES = 65_536;
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 3_000;
const RETRY_AFTER_SECONDS = "30";

const HEADERS = complete({
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // Or nginx keeps the events to itself until a buffer is full.
  "x-accel-buffering": "no",
});

/** What it takes to send the summary to whoever listens. */
export interface EventStreamsOptions extends SummaryOptions {
  /** How often a comment keeps a stream open, in milliseconds. @default 15_000 */
  heartbeatMs?: number;
  /** How many streams may be open at once. @default 1_000 */
  maxStreams?: number;
}

interface SummaryEvent {
  readonly id: string;
  readonly data: string;
  readonly bytes: Uint8Array;
}

interface Stream {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** The id of the last event that the client had before it connected. */
  readonly knownId: string | undefined;
  sent: SummaryEvent | undefined;
}

/** The open streams of `GET /events`, as the HTML standard's server-sent events have them. */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #encodeAnswer: (summary: Summary) => Encoded<Answer>;
  readonly #streams = new Set<Stream>();
  #event: SummaryEvent | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.#encodeAnswer = createAnswerEncoder(options);
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** Answers with a stream: the summary at once, then at every change. */
  open(c: Context): Response {
    if (c.req.method === "HEAD") return reply({ headers: HEADERS });
    const { maxStreams = MAX_STREAMS } = this.#options;
    if (this.size >= maxStreams) {
      const headers = { "retry-after": RETRY_AFTER_SECONDS };
      throw new ProblemError("too-many-streams", `At most ${maxStreams} may be open`, headers);
    }
    const body = this.#createStream(c.req.header("last-event-id"));
    return reply({ headers: HEADERS, body });
  }

  /** Sends a summary to every stream that has not had it. */
  send(summary: Summary): void {
    const { value, body: data } = this.#encodeAnswer(summary);
    if (this.#event?.data !== data) this.#event = encodeEvent(value.as_of, data);
    for (const stream of this.#streams) this.#deliver(stream, this.#event);
  }

  /** Ends every stream; clients come back by themselves, to another instance or the next process. */
  close(): void {
    for (const stream of this.#streams) {
      this.#forget(stream);
      stream.controller.close();
    }
  }

  #createStream(knownId: string | undefined): ReadableStream<Uint8Array> {
    let stream: Stream;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        stream = { controller, knownId, sent: undefined };
        this.#streams.add(stream);
        this.#write(stream, encodeText(`retry: ${RETRY_MS}\n\n`));
        this.#startHeartbeat();
        this.#sendCurrent();
      },
      cancel: () => this.#forget(stream),
    }, { highWaterMark: MAX_UNREAD_BYTES, size: (bytes) => bytes?.byteLength ?? 0 });
  }

  /** Keeps streams open, and sends what no update told of: a missed one, or that data went stale. */
  #beat(): void {
    for (const stream of this.#streams) this.#write(stream, encodeText(":\n\n"));
    this.#sendCurrent();
  }

  async #sendCurrent(): Promise<void> {
    try {
      this.send(await this.#options.summaries.get());
    } catch {
      // No data yet, or the store is away: the stream stays open until there is a summary.
    }
  }

  #deliver(stream: Stream, event: SummaryEvent): void {
    const had = stream.sent === event || (!stream.sent && stream.knownId === event.id);
    stream.sent = event;
    if (!had) this.#write(stream, event.bytes);
  }

  /** Queues bytes; who does not read what is queued is dropped. */
  #write(stream: Stream, bytes: Uint8Array): void {
    if ((stream.controller.desiredSize ?? 0) > 0) return stream.controller.enqueue(bytes);
    this.#forget(stream);
    stream.controller.error(new Error("The client reads too slowly"));
  }

  #startHeartbeat(): void {
    const { heartbeatMs = HEARTBEAT_MS } = this.#options;
    this.#heartbeat ??= setInterval(() => this.#beat(), heartbeatMs);
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

function encodeEvent(id: string, data: string): SummaryEvent {
  return { id, data, bytes: encodeText(`event: summary\nid: ${id}\ndata: ${data}\n\n`) };
}

function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
