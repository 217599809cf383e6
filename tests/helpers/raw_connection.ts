/** A TCP connection to a server, for requests that no client would send. */
export class RawConnection implements AsyncDisposable {
  readonly #connection: Deno.TcpConn;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Connects to the server of a URL. */
  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    return new RawConnection(await Deno.connect({ hostname, port: Number(port) }));
  }

  /** Sends text; answers stay unread. */
  async send(text: string): Promise<void> {
    await this.#connection.write(new TextEncoder().encode(text));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}
