import { connect } from "node:http2";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { createTestApp, REPORT } from "../helpers/app.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { readProblem } from "../helpers/problems.ts";
import { sendRaw } from "../helpers/raw_http.ts";
import { startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test("POST /refresh answers the report", TIME_LIMIT, async () => {
  const response = await createTestApp().request("/refresh", { method: "POST" });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(response.headers.get("cache-control"), "no-store");
  assertEquals(await response.json(), REPORT);
});

Deno.test.each([
  { sent: "nothing", authorization: undefined },
  { sent: "an empty header", authorization: "" },
  { sent: "the scheme alone", authorization: "Bearer" },
  { sent: "an empty token", authorization: "Bearer " },
  { sent: "another token", authorization: "Bearer guess" },
  { sent: "the beginning of the token", authorization: "Bearer s3cre" },
  { sent: "another scheme", authorization: "Basic s3cret" },
  { sent: "the token alone", authorization: "s3cret" },
  { sent: "the token twice", authorization: "Bearer s3cret s3cret" },
  { sent: "two headers in one", authorization: "Bearer s3cret, Bearer s3cret" },
  { sent: "characters no token has", authorization: 'Bearer "s3cret"' },
])("POST /refresh answers 401 to a request with $sent", TIME_LIMIT, async ({ authorization }) => {
  const { request } = createTestApp({ refreshToken: "s3cret" });
  const headers = new Headers(authorization === undefined ? {} : { authorization });
  const response = await request("/refresh", { method: "POST", headers });
  assertEquals(response.status, 401);
  assertEquals(response.headers.get("www-authenticate"), 'Bearer realm="is-bitcoin-lit"');
  assertEquals((await readProblem(response)).type, "/docs/problems#unauthorized");
});

Deno.test.each(["Bearer s3cret", "bearer s3cret", "BEARER  s3cret"])(
  "POST /refresh accepts %s",
  TIME_LIMIT,
  async (authorization) => {
    const { request } = createTestApp({ refreshToken: "s3cret" });
    const response = await request("/refresh", { method: "POST", headers: { authorization } });
    assertEquals([response.status, await response.json()], [200, REPORT]);
  },
);

Deno.test.each([
  { framing: "a length", bytes: 1_024, status: 200 },
  { framing: "a length", bytes: 1_025, status: 413 },
  { framing: "chunks", bytes: 1_024, status: 200 },
  { framing: "chunks", bytes: 1_025, status: 413 },
])("POST /refresh answers $status to $bytes bytes sent with $framing", TIME_LIMIT, async (row) => {
  await using server = serveLocally(createTestApp().handler);
  const body = "x".repeat(row.bytes);
  const framed = row.framing === "chunks"
    ? `Transfer-Encoding: chunked\r\n\r\n${row.bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    : `Content-Length: ${row.bytes}\r\n\r\n${body}`;
  // The second request shows that the connection can still be used.
  const requests = `POST /refresh HTTP/1.1\r\nHost: a\r\n${framed}` +
    "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const { status, body: answer } = await sendRaw(server.url, requests);
  assertEquals(status, row.status);
  assertStringIncludes(answer, row.status === 413 ? "/docs/problems#content-too-large" : "stored");
  assertStringIncludes(answer, '{"status":"ok"}');
});

Deno.test(
  "POST /refresh answers 413 to a large body without a length over HTTP/2",
  TIME_LIMIT,
  async () => {
    await using server = serveLocally(createTestApp().handler);
    const client = connect(server.url);
    const stream = client.request({ ":method": "POST", ":path": "/refresh" });
    // The server may reset the stream once it has answered.
    stream.on("error", () => {});
    const status = new Promise((resolve) => {
      stream.on("response", (headers) => resolve(headers[":status"]));
    });
    for (let sent = 0; sent < 1_000_000; sent += 10_000) stream.write(new Uint8Array(10_000));
    stream.end();
    assertEquals(await status, 413);
    stream.close();
    await new Promise<void>((resolve) => client.close(resolve));
  },
);

Deno.test(
  "POST /refresh answers the last report within the interval, marked as replayed",
  TIME_LIMIT,
  async () => {
    await using service = await startService({
      environment: { REFRESH_MIN_INTERVAL_SECONDS: "3600" },
    });
    const replies = await Promise.all(
      [1, 2].map(() => service.request("/refresh", { method: "POST" })),
    );
    for (const response of replies) {
      assertEquals([response.status, response.headers.get("cache-control")], [200, "no-store"]);
      const { replayed, stored, feed } = await response.json();
      assertEquals({ replayed, stored, feed }, { replayed: true, stored: 6, feed: "test" });
    }
    assertEquals(service.source.requests, 1);
  },
);

Deno.test.each([
  { retryAfterMs: undefined, first: null, replayed: "5" },
  { retryAfterMs: 59_001, first: "60", replayed: "60" },
])(
  "POST /refresh answers the last problem within the interval, feed may be asked again in $retryAfterMs ms",
  TIME_LIMIT,
  async ({ retryAfterMs, ...retryAfter }) => {
    await using service = await startService({
      environment: { REFRESH_MIN_INTERVAL_SECONDS: "0" },
    });
    service.source.answer = () => {
      throw new FeedError("unavailable", "down", { retryAfterMs });
    };
    const failed = await service.request("/refresh", { method: "POST" });
    assertEquals([failed.status, failed.headers.get("retry-after")], [502, retryAfter.first]);
    assertStringIncludes((await readProblem(failed)).detail, "down");
    await service.redis.client.set(
      `${service.redis.prefix}:test:claim:refresh`,
      "another",
      "EX",
      60,
    );
    const replayed = await service.request("/refresh", { method: "POST" });
    assertEquals([replayed.status, replayed.headers.get("retry-after")], [
      502,
      retryAfter.replayed,
    ]);
    const { type, detail, replayed: isReplayed } = await readProblem(replayed);
    assertEquals([type, isReplayed], ["/docs/problems#feed-unavailable", true]);
    assertStringIncludes(detail, "down");
  },
);

Deno.test(
  "POST /refresh answers 503 busy while the first refresh of all runs on",
  TIME_LIMIT,
  async () => {
    await using service = await startService();
    const { client, prefix } = service.redis;
    await client.set(`${prefix}:test:claim:refresh`, "another", "EX", 60);
    await client.del(`${prefix}:test:refresh`);
    const response = await service.request("/refresh", { method: "POST" });
    assertEquals([response.status, response.headers.get("retry-after")], [503, "5"]);
    assertEquals((await readProblem(response)).type, "/docs/problems#busy");
  },
);

Deno.test(
  "POST /refresh does not log a client that leaves within its body",
  TIME_LIMIT,
  async () => {
    const test = createTestApp();
    const ended = Promise.withResolvers<Response>();
    await using server = serveLocally(async (request) => {
      const response = await test.handler(request);
      ended.resolve(response.clone());
      return response;
    });
    const { hostname, port } = new URL(server.url);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const head = "POST /refresh HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello";
    await connection.write(new TextEncoder().encode(head));
    await eventually(() => server.requests === 1);
    connection.close();
    assertEquals((await readProblem(await ended.promise)).type, "/docs/problems#invalid-request");
    assertEquals(test.log.lines.filter(({ level }) => level !== "debug"), []);
  },
);
