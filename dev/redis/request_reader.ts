import type { ByteString } from "./byte_string.ts";
import { parseInteger } from "./numbers.ts";

const MAX_ARGUMENTS = 1024 * 1024;
const MAX_BULK_BYTES = 512 * 1024 * 1024;
const MAX_LINE_BYTES = 64 * 1024;
const LINE_END = "\r\n";

/** A request that is not RESP; Redis replies with an error and closes the connection. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/**
 * Splits the bytes of a connection into requests, however packets divide them. The parsed part of a
 * request is never parsed again. V8 joins strings only when they are read, so a large value is
 * copied once, after its last packet.
 */
export class RequestReader {
  #text: ByteString = "";
  #position = 0;
  #missingArguments = 0;
  #bulkLength: number | undefined;
  #request: ByteString[] = [];

  /** Adds received bytes. */
  push(chunk: ByteString): void {
    this.#text = this.#text.slice(this.#position) + chunk;
    this.#position = 0;
  }

  /**
   * Returns the next whole request, or `undefined` when more bytes are needed.
   *
   * @throws {ProtocolError} when the bytes are not RESP
   */
  next(): ByteString[] | undefined {
    while (this.#missingArguments === 0) {
      const count = this.#readArgumentCount();
      if (count === undefined) return undefined;
      this.#missingArguments = Math.max(0, count);
    }
    while (this.#missingArguments > 0) {
      const argument = this.#readBulk();
      if (argument === undefined) return undefined;
      this.#request.push(argument);
      this.#missingArguments--;
    }
    const request = this.#request;
    this.#request = [];
    return request;
  }

  #readArgumentCount(): number | undefined {
    const type = this.#text[this.#position];
    if (type === undefined) return undefined;
    if (type !== "*") {
      throw new ProtocolError(`expected '*', got '${type}': inline commands are not supported`);
    }
    const line = this.#readLine("too big mbulk count string");
    if (line === undefined) return undefined;
    const count = parseInteger(line.slice(1));
    if (count === undefined || count > MAX_ARGUMENTS) {
      throw new ProtocolError("invalid multibulk length");
    }
    return count;
  }

  #readBulk(): ByteString | undefined {
    this.#bulkLength ??= this.#readBulkLength();
    if (this.#bulkLength === undefined) return undefined;
    const end = this.#position + this.#bulkLength;
    if (this.#text.length < end + LINE_END.length) return undefined;
    const bulk = this.#text.slice(this.#position, end);
    this.#position = end + LINE_END.length;
    this.#bulkLength = undefined;
    return bulk;
  }

  #readBulkLength(): number | undefined {
    const line = this.#readLine("too big bulk count string");
    if (line === undefined) return undefined;
    if (line[0] !== "$") throw new ProtocolError(`expected '$', got '${line[0] ?? "\r"}'`);
    const length = parseInteger(line.slice(1));
    if (length === undefined || length < 0 || length > MAX_BULK_BYTES) {
      throw new ProtocolError("invalid bulk length");
    }
    return length;
  }

  #readLine(tooLong: string): ByteString | undefined {
    const end = this.#text.indexOf(LINE_END, this.#position);
    if (end < 0) {
      if (this.#text.length - this.#position > MAX_LINE_BYTES) throw new ProtocolError(tooLong);
      return undefined;
    }
    const line = this.#text.slice(this.#position, end);
    this.#position = end + LINE_END.length;
    return line;
  }
}
