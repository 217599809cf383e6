import type { Server } from "./server.ts";

const TIMEOUT_MS = 60_000;

/** Connections that are opened at once: more would fill the server's backlog. */
const AT_ONCE = 200;

const MARK = "event: summary";

/** Event streams that are open at one server. */
export interface OpenStreams extends AsyncDisposable {
  /** The moments at which each stream got its next summary. */
  nextArrivals(): Promise<number[]>;
}

/** Opens streams on bare TCP connections, and waits until each has its first summary. */
export async function openStreams(
  { url }: Pick<Server, "url">,
  count: number,
): Promise<OpenStreams> {
  const streams: EventStream[] = [];
  while (streams.length < count) {
    const batch = Array.from(
      { length: Math.min(AT_ONCE, count - streams.length) },
      () => open(url),
    );
    const opened = await Promise.all(batch);
    await Promise.all(opened.map((stream) => stream.next()));
    streams.push(...opened);
  }
  return {
    nextArrivals: () => Promise.all(streams.map((stream) => stream.next())),
    [Symbol.asyncDispose]() {
      for (const stream of streams) stream.close();
      return Promise.resolve();
    },
  };
}

/** One stream. A `fetch` would take ten times the memory, and so much of the time measured. */
class EventStream {
  readonly #connection: Deno.Conn;
  readonly #decoder = new TextDecoder();
  readonly #buffer = new Uint8Array(4_096);
  #text = "";

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Waits for the next summary; returns when it came. */
  async next(): Promise<number> {
    const timeout = setTimeout(() => this.close(), TIMEOUT_MS);
    for (;;) {
      const at = this.#text.indexOf(MARK);
      if (at >= 0) {
        this.#text = this.#text.slice(at + MARK.length);
        clearTimeout(timeout);
        return performance.now();
      }
      const length = await this.#connection.read(this.#buffer);
      if (length === null) throw new Error("An event stream must stay open, has ended");
      const received = this.#decoder.decode(this.#buffer.subarray(0, length));
      this.#text = this.#text.slice(-MARK.length) + received;
    }
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // It is closed already.
    }
  }
}

async function open(url: string): Promise<EventStream> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET /events HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  return new EventStream(connection);
}
