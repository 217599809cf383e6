import type { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** One connection through a proxy, as a toxic sees it. */
export interface Link {
  /** Counts the connections, from 1. */
  readonly id: number;
  /** Waits until the time is over, or the toxic or the connection ends. */
  sleep(ms: number): Promise<void>;
  /** Waits for the end of the connection, also when the toxic has ended. */
  silence(): Promise<void>;
  /** Ends the connection after the bytes that were passed on before. */
  close(): void;
  /** Ends the connection with a TCP reset. */
  reset(): void;
}

/**
 * Changes or delays the bytes of one direction; yields those to pass on. Chunks come one after another;
 * `arrivedAt` is the time at which the proxy received one, on the clock of `performance.now()`.
 */
export type Flow = (chunk: Buffer, link: Link, arrivedAt: number) => AsyncIterable<Uint8Array>;

/** What a proxy does to its connections; a direction without a flow passes unchanged. */
export interface Toxic {
  /** From the client to the server. */
  up?: Flow;
  /** From the server to the client. */
  down?: Flow;
  /** Runs before the server's end of the connection is passed on to the client. */
  closing?: (link: Link) => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly link: Link;
}

/** A TCP proxy on a free loopback port that can disturb its connections while they are in use. */
export class TcpProxy implements AsyncDisposable {
  #target: number;
  #port = 0;
  #server: Server | undefined;
  #pairs = new Set<Pair>();
  #lastId = 0;
  #toxic: Toxic = {};
  #toxicEnd = new AbortController();

  private constructor(target: number) {
    this.#target = target;
  }

  /** Starts a proxy to a loopback port. */
  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.up();
    return proxy;
  }

  /** The port listened on; it stays the same over {@linkcode down} and {@linkcode up}. */
  get port(): number {
    return this.#port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** How many connections were accepted so far. */
  get accepted(): number {
    return this.#lastId;
  }

  /** Disturbs all connections, open ones included; `undefined` ends that. */
  set toxic(toxic: Toxic | undefined) {
    this.#toxicEnd.abort();
    this.#toxicEnd = new AbortController();
    this.#toxic = toxic ?? {};
  }

  /** Connects to another port from the next connection on. */
  set target(port: number) {
    this.#target = port;
  }

  /** Ends all connections and refuses new ones. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server, "close");
    server?.close();
    this.cut();
    await closed;
  }

  /** Listens again, unless it does already. */
  async up(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#accept(client);
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Resets the connections that are open. */
  cut(): void {
    for (const { link } of this.#pairs) link.reset();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.toxic = undefined;
    await this.down();
  }

  #accept(client: Socket): void {
    const options = { host: "127.0.0.1", port: this.#target, allowHalfOpen: true, noDelay: true };
    const server = connect(options);
    const ended = new AbortController();
    const link = this.#link(client, server, ended.signal);
    client.once("close", () => ended.abort());
    const pair = { client, server, link };
    this.#pairs.add(pair);
    Promise.allSettled([
      // A client that has ended its side reads no more: waiting for the server would leak the pair.
      pump(client, server, (chunk, at) => (this.#toxic.up ?? pass)(chunk, link, at))
        .finally(() => ended.abort()),
      pump(server, client, (chunk, at) => (this.#toxic.down ?? pass)(chunk, link, at))
        .then(() => this.#toxic.closing?.(link)).finally(() => client.end()),
    ]).then(() => {
      client.destroy();
      server.destroy();
      this.#pairs.delete(pair);
    });
  }

  #link(client: Socket, server: Socket, ended: AbortSignal): Link {
    return {
      id: ++this.#lastId,
      sleep: (ms) => sleep(ms, AbortSignal.any([ended, this.#toxicEnd.signal])),
      silence: () => sleep(Infinity, ended),
      close() {
        client.destroySoon();
        server.destroy();
      },
      reset() {
        client.resetAndDestroy();
        server.destroy();
      },
    };
  }
}

async function* pass(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  yield chunk;
}

async function pump(
  from: Socket,
  to: Socket,
  flow: (chunk: Buffer, arrivedAt: number) => AsyncIterable<Uint8Array>,
) {
  try {
    for await (const { chunk, arrivedAt } of readArrivals(from)) {
      for await (const piece of flow(chunk, arrivedAt)) {
        if (to.writableEnded || to.destroyed) return;
        if (!to.write(piece)) await Promise.race([once(to, "drain"), once(to, "close")]);
      }
    }
  } finally {
    to.end();
  }
}

interface Arrival {
  readonly chunk: Buffer;
  readonly arrivedAt: number;
}

/** Reads a socket to its end, also while the chunks before are delayed: latencies must not add up. */
async function* readArrivals(socket: Socket): AsyncIterable<Arrival> {
  const arrivals: Arrival[] = [];
  let isOver = false;
  let wake = () => {};
  function end(): void {
    isOver = true;
    wake();
  }
  socket.on("data", (chunk) => {
    arrivals.push({ chunk, arrivedAt: performance.now() });
    wake();
  });
  for (const event of ["end", "close", "error"]) socket.once(event, end);
  for (;;) {
    const arrival = arrivals.shift();
    if (arrival !== undefined) yield arrival;
    else if (isOver) return;
    else await new Promise<void>((resolve) => wake = resolve);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const timer = ms === Infinity ? undefined : setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end);
  });
}
