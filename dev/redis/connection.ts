import { type ByteString, toBytes, toByteString } from "./byte_string.ts";
import type { Client, Transaction } from "./client.ts";
import { encodeReply, type Protocol, type Reply, ReplyError } from "./reply.ts";
import { ProtocolError, RequestReader } from "./request_reader.ts";

const READ_BYTES = 64 * 1024;

/** With more unsent replies than this, later requests wait. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** The socket of one client: reads requests, writes replies and published messages. */
export class Connection implements Client {
  readonly id: number;
  readonly subscriptions: Set<ByteString> = new Set();
  readonly messagesAfterReply: Reply[] = [];
  protocol: Protocol = 2;
  name: ByteString = "";
  transaction: Transaction | undefined;
  #socket: Deno.TcpConn;
  #requests = new RequestReader();
  #unsent: ByteString = "";
  #sending: Promise<void> | undefined;
  #ended = false;

  constructor(socket: Deno.TcpConn, id: number) {
    this.#socket = socket;
    this.id = id;
  }

  /** Answers requests until the client disconnects, sends `QUIT` or breaks the protocol. */
  async serve(execute: (client: Client, request: ByteString[]) => void): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      this.#socket.setNoDelay(true);
      while (!this.#ended) {
        const count = await this.#socket.read(buffer);
        if (count === null) break;
        this.#requests.push(toByteString(buffer.subarray(0, count)));
        await this.#answer(execute);
      }
    } catch {
      // The client disconnected or this server closes: there is no one to report the error to.
    } finally {
      this.close();
      await this.#sending;
    }
  }

  /** Queues a reply; all replies queued in one turn of the event loop are sent in one write. */
  send(reply: Reply): void {
    this.#unsent += encodeReply(reply, this.protocol);
    this.#sending ??= this.#flush();
  }

  /** Closes the connection after everything queued is sent. */
  end(): void {
    this.#ended = true;
  }

  /** Closes the connection at once. */
  close(): void {
    this.#ended = true;
    try {
      this.#socket.close();
    } catch {
      // It is closed already.
    }
  }

  async #answer(execute: (client: Client, request: ByteString[]) => void): Promise<void> {
    try {
      while (!this.#ended) {
        const request = this.#requests.next();
        if (request === undefined) break;
        execute(this, request);
        if (this.#unsent.length > MAX_UNSENT_BYTES) await this.#sending;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.send(new ReplyError(`ERR Protocol error: ${error.message}`));
      this.end();
    }
    await this.#sending;
  }

  async #flush(): Promise<void> {
    await Promise.resolve();
    try {
      while (this.#unsent !== "") {
        const bytes = toBytes(this.#unsent);
        this.#unsent = "";
        await this.#writeAll(bytes);
      }
    } catch {
      this.close();
    } finally {
      this.#sending = undefined;
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) written += await this.#socket.write(bytes.subarray(written));
  }
}
