/** The outcomes of the requests of clients. */
export interface Ends {
  answered: number;
  /** Requests without a complete answer, and answers of the wrong status. */
  readonly failed: string[];
  /** Clients whose last answer was complete and asked them to close the connection. */
  dismissed: number;
}

const PAUSE_MS = 10;

/**
 * Sends `GET /is-bitcoin-lit` repeatedly on one connection, until the server asks to close it. Unlike
 * `fetch`, it does not send a lost request again.
 */
export async function keepAsking(url: string, ends: Ends): Promise<void> {
  const { hostname, port, host } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const request = new TextEncoder().encode(`GET /is-bitcoin-lit HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  for (;;) {
    const head = await askOnce(connection, request).catch((error) => String(error));
    if (!head.startsWith("HTTP/1.1 200 ")) return void ends.failed.push(head);
    ends.answered++;
    if (/^connection: close$/im.test(head)) return void ends.dismissed++;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Sends a request and reads its answer to the end, by its content-length. */
async function askOnce(connection: Deno.TcpConn, request: Uint8Array): Promise<string> {
  await connection.write(request);
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16_384);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error(`The connection ended after ${text.length} characters`);
    text += decoder.decode(buffer.subarray(0, count));
    const [head = "", length] = /^.*?\r\ncontent-length: (\d+)\r\n.*?\r\n\r\n/is.exec(text) ?? [];
    if (length !== undefined && text.length >= head.length + Number(length)) return head;
  }
}
