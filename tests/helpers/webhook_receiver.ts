import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";

/** How a receiver treats a message; `drop` closes the connection, `ignore` never answers. */
export type Treatment = "drop" | "ignore" | {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The number of bytes in the body. @default 0 */
  readonly bytes?: number;
};

/** A message as it arrived. */
export interface ReceivedMessage {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const CHUNK_BYTES = 65_536;

/** A webhook on a loopback port, which keeps the messages it receives. */
export class WebhookReceiver implements AsyncDisposable {
  readonly received: ReceivedMessage[] = [];
  /** How the next messages are treated, in order; the rest is answered with 204. */
  readonly treatments: Treatment[] = [];
  /** The number of body bytes that clients let the receiver send. */
  sentBytes = 0;
  #server: Server;
  #port = 0;

  private constructor() {
    this.#server = this.#create();
  }

  /** Starts a receiver on a free port. */
  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await receiver.comeBack();
    return receiver;
  }

  /** The address of the webhook; its path is a secret. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/secret-path`;
  }

  /**
   * The only message.
   *
   * @throws {Error} when there are more or none
   */
  get onlyMessage(): ReceivedMessage {
    const [message] = this.received;
    if (message !== undefined && this.received.length === 1) return message;
    throw new Error(`The receiver must have one message, has ${this.received.length}`);
  }

  /** The types of the received messages, such as `bitcoin.lit`. */
  get types(): string[] {
    return this.received.map(({ body }) => JSON.parse(body).type);
  }

  /** The `webhook-id`s of the received messages. */
  get ids(): (string | undefined)[] {
    return this.received.map(({ headers }) => headers["webhook-id"]);
  }

  /** Stops listening, so that connections are refused. */
  async goAway(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Listens again, on the same port. */
  async comeBack(): Promise<void> {
    this.#server = this.#create();
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.goAway();
  }

  #create(): Server {
    return createServer((request, response) => this.#receive(request, response));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = await Array.fromAsync(request);
    this.received.push({
      headers: flatten(request.headers),
      body: chunks.map(String).join(""),
    });
    const treatment = this.treatments.shift() ?? { status: 204 };
    if (treatment === "drop") request.socket.destroy();
    else if (treatment !== "ignore") this.#answer(response, treatment);
  }

  #answer(
    response: ServerResponse,
    { status, headers = {}, bytes = 0 }: Exclude<Treatment, string>,
  ) {
    // Deno's fetch itself repeats a request when a connection that it used before is dropped.
    response.writeHead(status, { connection: "close", ...headers });
    const send = () => {
      while (this.sentBytes < bytes) {
        this.sentBytes += CHUNK_BYTES;
        if (!response.write("x".repeat(CHUNK_BYTES))) return;
      }
      response.end();
    };
    response.on("drain", send);
    response.on("error", () => response.destroy());
    send();
  }
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
}
