import type { ConnectionInfo, Handler } from "./handler.ts";

const LOOK_MS = 100;
const MAX_LOOKS = 10;

/**
 * Passes requests on. When it retires, it asks each client to close its connection after the answer: a
 * server that just stops cuts connections on which a client may be about to send its next request.
 */
export class RetiringHandler {
  readonly #handler: Handler;
  readonly #sleep: (ms: number) => Promise<unknown>;
  #isRetiring = false;
  #dismissed = 0;

  constructor(handler: Handler, sleep: (ms: number) => Promise<unknown>) {
    this.#handler = handler;
    this.#sleep = sleep;
  }

  /** Answers a request. */
  readonly fetch: Handler = (request, info) =>
    this.#isRetiring ? this.#dismiss(request, info) : this.#handler(request, info);

  /** Asks clients to leave until 100 ms pass without a request, for 1 s at most. */
  async retire(): Promise<void> {
    this.#isRetiring = true;
    let before = -1;
    for (let look = 0; look < MAX_LOOKS && before < this.#dismissed; look++) {
      before = this.#dismissed;
      await this.#sleep(LOOK_MS);
    }
  }

  async #dismiss(request: Request, info: ConnectionInfo | undefined): Promise<Response> {
    this.#dismissed++;
    const response = await this.#handler(request, info);
    response.headers.set("connection", "close");
    return response;
  }
}
