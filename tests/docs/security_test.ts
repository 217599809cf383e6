import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { filesBelow } from "../helpers/imports.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { sendRaw } from "../helpers/raw_http.ts";
import { findCode, findSections, findTableRows, readText } from "./markdown.ts";

const QUICK = { timeout: 60_000 };

/** The requests of the parser's table, by its first column. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["not HTTP, or another version than 1.0, 1.1 and 2", "GET / HTTP/3.7\r\nhost: a\r\n\r\n"],
  ["a header line without a colon", get("host a\r\n")],
  ["a control character in a header", get("host: a\r\nx: \x00\r\n")],
  ["two `Host` headers", get("host: a\r\nhost: b\r\n")],
  ["two different `Content-Length` headers", get("content-length: 1\r\ncontent-length: 2\r\n")],
  [
    "`Content-Length` together with `Transfer-Encoding`",
    get("content-length: 1\r\ntransfer-encoding: chunked\r\n"),
  ],
  ["request line and headers of more than 64 KB", get(`x: ${"a".repeat(65_536)}\r\n`)],
  ["more than 128 headers", get("x: a\r\n".repeat(129))],
]);

Deno.test("SECURITY.md lists what the HTTP parser refuses by itself", QUICK, async (t) => {
  const rows = await readRows("What the HTTP parser answers");
  assertEquals(rows.map(([request]) => request), [...REFUSED.keys()]);
  await using server = serveLocally(() => new Response("the service was asked"));
  for (const [request = "", status] of rows) {
    await t.step(request, async () => {
      const { body, ...answer } = await sendRaw(server.url, REFUSED.get(request) ?? "");
      assertEquals([String(answer.status), body], [status, ""]);
    });
  }
  assertEquals(server.requests, 0);
});

Deno.test("SECURITY.md states limits of the HTTP parser that are not lower", QUICK, async () => {
  await using server = serveLocally(() => new Response("ok"));
  for (const headers of ["x: a\r\n".repeat(126), `x: ${"a".repeat(65_000)}\r\n`]) {
    const { status } = await sendRaw(server.url, get(`connection: close\r\n${headers}`));
    assertEquals(status, 200);
  }
});

Deno.test("SECURITY.md explains every permission of the process", QUICK, async () => {
  const rows = await readRows("The permissions, and why");
  const explained = rows.flatMap(([permission = ""]) => findCode(permission));
  const flags = [...config.tasks.serve.command.matchAll(/ (--\S+)/g)].map(([, flag = ""]) =>
    flag.replace(/^--allow-env=.*/, "--allow-env=…")
  );
  assertEquals(explained.sort(), flags.sort());
});

Deno.test("no source reads a header that a proxy would add", QUICK, async () => {
  for (const file of await filesBelow("src")) {
    assert(!/x-forwarded|"forwarded"|x-real-ip/i.test(await readText(file)), file);
  }
});

function get(headers: string): string {
  return `GET / HTTP/1.1\r\n${headers}\r\n`;
}

async function readRows(section: string): Promise<string[][]> {
  const found = findSections(await readText("SECURITY.md")).find(({ title }) => title === section);
  return findTableRows(found?.text ?? "");
}
