/** What a server answered on a connection of its own. */
export interface RawAnswer {
  /** 0 if the connection ended without an answer. */
  readonly status: number;
  readonly headers: Headers;
  /** The body, and whatever else came on the connection. */
  readonly body: string;
}

/**
 * Sends bytes as they are: `fetch` refuses to send most of what a hostile client sends. The request
 * must ask the server to close the connection, or the answer has no end.
 */
export async function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(request));
  const text = await new Response(connection.readable).text();
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = new Headers();
  for (const line of lines) {
    const [name = "", ...value] = line.split(":");
    headers.append(name, value.join(":").trim());
  }
  return { status: Number(statusLine.split(" ")[1] ?? 0), headers, body };
}
