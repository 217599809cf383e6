import { Buffer } from "node:buffer";

/** A reply as it was on the wire, one character per byte. */
export type RawReply = string;

/** A bare connection that sends requests and reads replies without interpreting them. */
export class RespClient implements Disposable {
  #socket: Deno.TcpConn;
  #received = "";

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
  }

  /** Connects to a server on this machine. */
  static async connect(port: number): Promise<RespClient> {
    return new RespClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends a request and reads its reply. */
  async call(...words: string[]): Promise<RawReply> {
    await this.write(encodeRequest(words));
    return await this.read();
  }

  /** Sends bytes as they are, one per character. */
  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, "latin1");
    let written = 0;
    while (written < bytes.length) written += await this.#socket.write(bytes.subarray(written));
  }

  /** Reads one whole reply or message. */
  async read(): Promise<RawReply> {
    let end = replyEnd(this.#received, 0);
    while (end === undefined) {
      if (!await this.#receive()) throw new Error(`connection ended after "${this.#received}"`);
      end = replyEnd(this.#received, 0);
    }
    const reply = this.#received.slice(0, end);
    this.#received = this.#received.slice(end);
    return reply;
  }

  /** Reads until the server ends the connection. */
  async readToEnd(): Promise<RawReply> {
    while (await this.#receive());
    return this.#received;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  async #receive(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    const count = await this.#socket.read(buffer);
    if (count === null) return false;
    this.#received += Buffer.from(buffer.subarray(0, count)).toString("latin1");
    return true;
  }
}

/** Encodes a request as RESP. */
export function encodeRequest(words: string[]): string {
  return `*${words.length}\r\n` + words.map((word) => `$${word.length}\r\n${word}\r\n`).join("");
}

/** Where the reply that starts at `start` ends, or `undefined` while it is not whole. */
function replyEnd(text: string, start: number): number | undefined {
  const lineEnd = text.indexOf("\r\n", start);
  if (lineEnd < 0) return undefined;
  const afterLine = lineEnd + 2;
  const type = text[start] ?? "";
  const count = Number(text.slice(start + 1, lineEnd));
  if ("$=".includes(type)) {
    const end = count < 0 ? afterLine : afterLine + count + 2;
    return end <= text.length ? end : undefined;
  }
  if (!"*>~%".includes(type)) return afterLine;
  let end: number | undefined = afterLine;
  for (let left = type === "%" ? 2 * count : count; left > 0 && end !== undefined; left--) {
    end = replyEnd(text, end);
  }
  return end;
}
