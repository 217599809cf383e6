import type { Log } from "../log.ts";
import type { Sleep } from "../samples/clock.ts";
import { type ConnectionInfo, type Handler, invalidHost } from "./handler.ts";
import { refuse, replyUnforeseen, SlowReaderError } from "./problem.ts";

/** The pause before listening again. Without it, the next connection would end the server again. */
const RETRY_MS = 500;

/** Where and how to listen. */
export interface ServeOptions {
  hostname: string;
  port: number;
  log: Log;
  /** What runs: fields of the line that says where it listens. @default {} */
  build?: Readonly<Record<string, string>>;
}

/** A server that listens until it is shut down. */
export interface Server {
  /** Where it listens. */
  readonly url: string;
  /** How many requests wait for their answer; an open event stream counts as one. */
  readonly pending: number;
  /** Takes no more requests, and waits for those under way. */
  shutdown(): Promise<void>;
}

/**
 * Serves until it is shut down. When the file descriptors run out, Deno's server ends and, without a
 * listener for that, the process with it; here it listens again once descriptors are free.
 *
 * @throws {Error} when the address cannot be listened on at first
 */
export function serve(handler: Handler, { hostname, port, log, build }: ServeOptions): Server {
  const onListen = (address: Deno.NetAddr) =>
    log.info("listening", { url: urlOf(address), ...build });
  let pending = 0;
  let server = Deno.serve({ hostname, port, onListen, onError }, answer);
  const address = server.addr;
  let isClosing = false;

  function answer(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>) {
    const response = handler(request, info);
    if (response instanceof Promise) countUntil(info.completed);
    return response;
  }

  /** Turns an error of Deno itself into an answer, and receives the reason when a body ends early. */
  function onError(error: unknown): Response {
    // Deno's tracing parses the URL before the handler is called.
    if (error instanceof TypeError && error.message.startsWith("Invalid URL")) {
      return refuse(invalidHost(), log, {});
    }
    if (error instanceof SlowReaderError) {
      log.debug("an event stream was ended", { error });
      // Its head has been sent, so Deno drops this.
      return new Response();
    }
    return replyUnforeseen(error, log);
  }

  async function countUntil(completed: Promise<void>): Promise<void> {
    pending++;
    await completed.catch(() => {}); // The client left.
    pending--;
  }
  watch(server);

  function watch({ finished }: Deno.HttpServer): void {
    finished.catch((error) => {
      if (isClosing) return;
      log.error("the server stopped listening and starts again", { error });
      setTimeout(listenAgain, RETRY_MS);
    });
  }

  function listenAgain(): void {
    if (isClosing) return;
    try {
      server = Deno.serve({ hostname, port: address.port, onListen, onError }, answer);
      watch(server);
    } catch {
      // Descriptors are still missing.
      setTimeout(listenAgain, RETRY_MS);
    }
  }

  return {
    url: urlOf(address),
    get pending() {
      return pending;
    },
    shutdown() {
      isClosing = true;
      return server.shutdown();
    },
  };
}

function urlOf({ hostname, port }: Deno.NetAddr): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

const LOOK_MS = 100;

const MAX_LOOKS = 10;

/**
 * Passes requests on. When it retires, it asks each client to close its connection after the answer: a
 * server that just stops cuts connections on which a client may be about to send its next request.
 */
export class RetiringHandler {
  readonly #handler: Handler;
  readonly #sleep: Sleep;
  #isRetiring = false;
  #dismissed = 0;

  constructor(handler: Handler, sleep: Sleep) {
    this.#handler = handler;
    this.#sleep = sleep;
  }

  /** Answers a request. */
  readonly fetch: Handler = (request, info) =>
    this.#isRetiring ? this.#dismiss(request, info) : this.#handler(request, info);

  /** Asks clients to leave until 100 ms pass without a request, for 1 s at most. */
  async retire(): Promise<void> {
    this.#isRetiring = true;
    // Its pauses are part of the stop, so nothing ends them early.
    const { signal } = new AbortController();
    let before = -1;
    for (let look = 0; look < MAX_LOOKS && before < this.#dismissed; look++) {
      before = this.#dismissed;
      await this.#sleep(LOOK_MS, signal);
    }
  }

  async #dismiss(request: Request, info: ConnectionInfo | undefined): Promise<Response> {
    this.#dismissed++;
    const response = await this.#handler(request, info);
    response.headers.set("connection", "close");
    return response;
  }
}
