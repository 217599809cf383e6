const LOOK_MS = 100;
const MOST_LOOKS = 10;

type Handle = (request: Request) => Response | Promise<Response>;

/**
 * Hands requests on. When it retires, it asks each client to leave with its answer: a server that
 * just stops closes connections on which a client may be about to send its next request.
 */
export class RetiringHandler {
  readonly #handle: Handle;
  readonly #sleep: (ms: number) => Promise<unknown>;
  #retiring = false;
  #dismissed = 0;

  constructor(handle: Handle, sleep: (ms: number) => Promise<unknown>) {
    this.#handle = handle;
    this.#sleep = sleep;
  }

  /** What to serve with. */
  readonly fetch: Handle = (request) =>
    this.#retiring ? this.#dismiss(request) : this.#handle(request);

  /** Asks clients to leave until 100 ms go by without a request, for 1 s at most. */
  async retire(): Promise<void> {
    this.#retiring = true;
    let before = -1;
    for (let look = 0; look < MOST_LOOKS && before < this.#dismissed; look++) {
      before = this.#dismissed;
      await this.#sleep(LOOK_MS);
    }
  }

  async #dismiss(request: Request): Promise<Response> {
    this.#dismissed++;
    const response = await this.#handle(request);
    response.headers.set("connection", "close");
    return response;
  }
}
