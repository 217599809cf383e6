import { assertEquals } from "@std/assert";
import { RetiringHandler } from "../../src/http/serve.ts";
import { createTestApp } from "../helpers/app.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { type RawAnswer, sendRaw } from "../helpers/raw_http.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** Every path that answers GET with a body that ends. */
const PATHS: readonly string[] = [
  ...createTestApp().app.routes
    .filter(({ method, path }) => method === "GET" && !path.includes(":") && path !== "/events")
    .map(({ path }) => path),
  "/docs/files/other/swagger-ui.css",
  "/lit",
  "/history?hours=0",
];

const ENCODINGS = ["", "Accept-Encoding: gzip\r\n", "Accept-Encoding: br\r\n"];

async function request(url: string, method: string, path: string, headers: string) {
  return await sendRaw(
    url,
    `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`,
  );
}

/** The status and the headers of an answer, without what differs from request to request. */
function headOf({ status, headers }: RawAnswer) {
  // A problem has a request id, and ids grow.
  if (headers.has("x-request-id")) headers.delete("content-length");
  headers.delete("date");
  headers.delete("x-request-id");
  return { status, headers: [...headers] };
}

Deno.test(
  "HEAD answers with the status and headers of GET on every route",
  TIME_LIMIT,
  async (t) => {
    const { handler } = createTestApp();
    await using server = serveLocally(handler);
    for (const path of PATHS) {
      await t.step(path, async () => {
        for (const encoding of ENCODINGS) {
          const get = await request(server.url, "GET", path, encoding);
          const head = await request(server.url, "HEAD", path, encoding);
          assertEquals(headOf(head), headOf(get), encoding);
          assertEquals(head.body, "");
        }
      });
    }
  },
);

Deno.test("the length that HEAD answers is that of the body", TIME_LIMIT, async () => {
  const { request } = createTestApp();
  for (const path of PATHS) {
    const head = await request(path, { method: "HEAD" });
    const { byteLength } = await (await request(path)).arrayBuffer();
    // Request ids grow: a problem's length may change by one.
    const difference = Number(head.headers.get("content-length")) - byteLength;
    assertEquals(Math.abs(difference) <= (head.ok ? 0 : 1), true, `${path}: ${difference}`);
  }
});

Deno.test("HEAD and GET answer 304 without a length", TIME_LIMIT, async () => {
  const { handler } = createTestApp();
  await using server = serveLocally(handler);
  for (const path of ["/is-bitcoin-lit", "/history", "/docs"]) {
    const { headers } = await request(server.url, "GET", path, "");
    const known = `If-None-Match: ${headers.get("etag")}\r\n`;
    const get = await request(server.url, "GET", path, known);
    const head = await request(server.url, "HEAD", path, known);
    assertEquals([get.status, get.headers.get("content-length")], [304, null], path);
    assertEquals(headOf(head), headOf(get));
  }
});

Deno.test("HEAD and a stop change nothing in later answers", TIME_LIMIT, async () => {
  const { handler } = createTestApp();
  const retiring = new RetiringHandler(handler, () => Promise.resolve());
  const ask = (method: string) =>
    retiring.fetch(new Request("http://a/is-bitcoin-lit", { method }));
  await ask("HEAD");
  const before = await ask("GET");
  assertEquals(before.headers.get("content-length"), null);
  await retiring.retire();
  assertEquals((await ask("GET")).headers.get("connection"), "close");
  const later = await handler(new Request("http://a/is-bitcoin-lit"));
  assertEquals([...later.headers], [...before.headers]);
  assertEquals(await later.text(), await before.text());
});
