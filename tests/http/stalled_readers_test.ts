import { type ClientHttp2Session, connect } from "node:http2";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { serve } from "../../src/http/serve.ts";
import { residentMegabytes } from "../../bench/harness/server.ts";
import { createTestApp, SUMMARY, type TestApp } from "../helpers/app.ts";
import { eventually } from "../helpers/eventually.ts";
import { runTask } from "../helpers/process.ts";

const TIME_LIMIT = { timeout: 60_000 };
const REQUESTS = 200;
const LARGE_FILE = "/docs/files/other/swagger-ui.js";
const MAX_COPIED_BYTES = 16_384;

/** Far more than the requests themselves take, far less than a copy of the body for each. */
const MAX_GROWTH_MB = 80;

Deno.test(
  "200 requests for a large file on a connection that reads nothing hold no 200 copies",
  TIME_LIMIT,
  async () => {
    await using service = runTask("start", { REDIS_URL: "redis://127.0.0.1:1", FEED: "live" });
    const url = await service.url;
    const { byteLength } = await (await fetch(url + LARGE_FILE)).arrayBuffer();
    assert(
      REQUESTS * byteLength > 3 * MAX_GROWTH_MB * 1e6,
      `${byteLength} bytes are no large file`,
    );
    const before = await residentMegabytes(service);
    const client = connect(url, { settings: { initialWindowSize: 0 } });
    await Promise.all(Array.from({ length: REQUESTS }, () => requestHead(client, LARGE_FILE)));
    const growth = await residentMegabytes(service) - before;
    client.destroy();
    assert(growth < MAX_GROWTH_MB, `${growth} MB more`);
  },
);

/** Requests a path, and waits for the head of the answer; the window lets no byte of the body pass. */
function requestHead(client: ClientHttp2Session, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.request({ ":path": path });
    let isAnswered = false;
    stream.on("response", (headers) => {
      isAnswered = true;
      assertEquals(headers[":status"], 200);
      resolve();
    });
    // The end of the test resets the stream.
    stream.on("error", (error) => isAnswered || reject(error));
    stream.on("data", () => reject(new Error("A window of zero lets data pass")));
  });
}

/** Few enough that they never fill the 64 KB of a stream while the runtime passes them on. */
const EVENTS_AT_ONCE = 20;

/** What may wait for a client in the process: 64 KB in the service and 128 KB in the runtime. */
const MAX_WAITING_BYTES = 200_000;

/** Sends events until no stream is open, and returns how many bytes that took per stream. */
async function sendUntilDropped({ streams, answers }: TestApp) {
  let bytes = 0;
  for (let time = answers.now; streams.size > 0;) {
    for (let i = 0; i < EVENTS_AT_ONCE; i++) {
      const summary = { ...SUMMARY, as_of: new Date(time++).toISOString() };
      streams.send(summary);
      bytes += JSON.stringify(summary).length;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return bytes;
}

/** An app on the server that the process uses. */
function serveApp() {
  const test = createTestApp();
  const server = serve(test.handler, { hostname: "127.0.0.1", port: 0, log: test.log });
  return { ...test, url: server.url, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Asserts that the end of a stream is one line at `debug`, and none above. */
async function assertEndIsLogged({ log }: TestApp): Promise<void> {
  await eventually(() => log.lines.length > 1);
  assertEquals(log.lines.map(({ level, message }) => `${level} ${message}`), [
    "info listening",
    "debug an event stream was ended",
  ]);
}

Deno.test(
  "GET /events drops a client whose HTTP/2 window is zero once 192 KB wait for it",
  TIME_LIMIT,
  async () => {
    await using server = serveApp();
    const client = connect(server.url, { settings: { initialWindowSize: 0 } });
    await requestHead(client, "/events");
    assert(await sendUntilDropped(server) < MAX_WAITING_BYTES);
    client.destroy();
    await assertEndIsLogged(server);
  },
);

Deno.test(
  "GET /events drops a client once the system's buffers are full; if it reads on, its stream ends",
  TIME_LIMIT,
  async () => {
    await using server = serveApp();
    const { hostname, port } = new URL(server.url);
    using client = await Deno.connect({ hostname, port: Number(port) });
    await client.write(new TextEncoder().encode("GET /events HTTP/1.1\r\nHost: a\r\n\r\n"));
    await eventually(() => server.streams.size === 1);
    const sent = await sendUntilDropped(server);
    assert(sent > MAX_WAITING_BYTES, `dropped after ${sent} bytes`);
    const text = await new Response(client.readable).text();
    assert(text.length > MAX_WAITING_BYTES);
    assert(!text.endsWith("0\r\n\r\n"), "the end must not look complete");
    await assertEndIsLogged(server);
  },
);

Deno.test("bodies above 16 KB are views of one buffer on every route", TIME_LIMIT, async (t) => {
  const { app, handler } = createTestApp({ build: { version: LONG_VERSION } });
  const paths = app.routes
    .filter(({ method, path }) => method === "GET" && !path.includes(":") && path !== "/events")
    .map(({ path }) => path);
  const large: string[] = [];
  for (const path of [...new Set([...paths, LARGE_FILE, "/docs/files/other/swagger-ui.css"])]) {
    await t.step(path, async () => {
      const request = new Request(`http://localhost${path}`);
      const [first, second] = await Promise.all(
        [1, 2].map(async () => await readChunks(await handler(request))),
      );
      const bytes = first?.reduce((sum, { byteLength }) => sum + byteLength, 0) ?? 0;
      if (bytes <= MAX_COPIED_BYTES) return;
      large.push(path);
      for (const chunk of [...first ?? [], ...second ?? []]) {
        assert(chunk.byteLength <= MAX_COPIED_BYTES);
        assertStrictEquals(chunk.buffer, first?.[0]?.buffer);
      }
    });
  }
  assert(large.length >= 4, `only ${large}`);
});

/** Metrics of a service that has been asked for every route. */
const LONG_VERSION = "1".repeat(90_000);

async function readChunks({ body }: Response): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return chunks;
}
