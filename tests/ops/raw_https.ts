/** An HTTP/1.1 answer as it was on the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Where to send a request, over TLS. */
export interface RawTarget {
  readonly httpsPort: number;
  /** The authority of the certificate, in PEM. */
  readonly ca: string;
}

/** The port of a URL. */
export function portOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port);
}

/** A request that ends its connection. */
export function get(path: string, headers = ""): string {
  return `GET ${path} HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\n${headers}\r\n`;
}

/** A header that makes nginx take `client` for the client. */
export function from(client: string): string {
  return `x-test-client: ${client}\r\n`;
}

/** Opens a TLS connection to loopback. */
export function connectRaw({ httpsPort, ca }: RawTarget): Promise<Deno.TlsConn> {
  return Deno.connectTls({ hostname: "127.0.0.1", port: httpsPort, caCerts: [ca] });
}

/** Sends the exact bytes of a request, which `fetch` would correct, and reads until the server closes. */
export async function askRaw(target: RawTarget, request: string): Promise<RawAnswer> {
  using connection = await connectRaw(target);
  await connection.write(new TextEncoder().encode(request));
  return parseAnswer(await readToEnd(connection));
}

/** Reads until the server closes the connection. */
export async function readToEnd(connection: Deno.Conn): Promise<string> {
  let text = "";
  for await (const part of connection.readable.pipeThrough(new TextDecoderStream())) text += part;
  return text;
}

function parseAnswer(text: string): RawAnswer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const [name = "", ...value] = line.split(": ");
    return [name, value.join(": ")];
  });
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: new Headers(headers),
    body: rest.join("\r\n\r\n"),
  };
}
