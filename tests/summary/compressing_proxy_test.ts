import { createServer } from "node:http";
import { once } from "node:events";
import { Readable } from "node:stream";
import compression from "compression";
import { assertEquals } from "@std/assert";
import { readEvents } from "../helpers/event_reader.ts";
import { eventually } from "../helpers/eventually.ts";
import { startService } from "../helpers/started_service.ts";

// The sockets of Node's server end a moment after it.
const TIME_LIMIT = { timeout: 60_000, sanitizeOps: false, sanitizeResources: false };

/** A proxy in front of a service that compresses what it may, as Express applications do. */
async function serveCompressed(url: string) {
  const compress = compression();
  const stop = new AbortController();
  const server = createServer((request, response) => {
    compress(request, response, async () => {
      const { status, headers, body } = await fetch(`${url}${request.url}`, {
        headers: { "accept-encoding": "identity" },
        signal: stop.signal,
      });
      response.writeHead(status, Object.fromEntries(headers));
      if (body !== null) Readable.fromWeb(body).on("error", () => {}).pipe(response);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    async [Symbol.asyncDispose]() {
      stop.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

Deno.test("GET /events arrives through a proxy that compresses", TIME_LIMIT, async () => {
  await using service = await startService();
  await using proxy = await serveCompressed(service.url);
  const page = await fetch(`${proxy.url}/docs/problems`, {
    headers: { "accept-encoding": "gzip" },
  });
  assertEquals(page.headers.get("content-encoding"), "gzip");
  await page.body?.cancel();
  await using client = await readEvents(proxy.url);
  await eventually(() => client.ids().length === 1);
});
