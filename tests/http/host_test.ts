import { connect } from "node:http2";
import { assertEquals } from "@std/assert";
import { hasValidHost } from "../../src/http/handler.ts";
import { sendRaw } from "../helpers/raw_http.ts";
import { startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test.each([
  { host: "localhost" },
  { host: "a.example:8000" },
  { host: "127.0.0.1:80" },
  { host: "[::1]" },
  { host: "[2001:db8::7]:8443" },
])("hasValidHost() accepts $host", TIME_LIMIT, ({ host }) => {
  assertEquals(hasValidHost(`http://${host}/metrics`, host), true);
  assertEquals(hasValidHost(`http://${host}/metrics`, null), true);
});

Deno.test.each([
  { host: "a/metrics?" },
  { host: "a?" },
  { host: "a#" },
  { host: "a\\metrics" },
  { host: "a b" },
  { host: "user@a" },
  { host: "a%2fmetrics" },
  { host: "a:b" },
  { host: "a:" },
  { host: "a:123456" },
  { host: "[::1" },
  { host: "::1" },
  { host: "a,b" },
  { host: "ä" },
  { host: "999.999.999.999" },
  { host: "1.2.3.4.5" },
  { host: "0x100000000" },
  { host: "a:99999" },
  { host: "[:::::]" },
  { host: "[1::2::3]" },
  { host: "[1.2.3.4]" },
  { host: "xn--a" },
  { host: "a.xn--0" },
  { host: "a".repeat(256) },
])("hasValidHost() refuses $host", TIME_LIMIT, ({ host }) => {
  assertEquals(hasValidHost(`http://${host}/`, host), false);
  assertEquals(hasValidHost("http://localhost/", host), false);
});

Deno.test(
  "hasValidHost() refuses an empty Host, for which Deno puts its own address",
  TIME_LIMIT,
  () => {
    assertEquals(hasValidHost("http://localhost:8000/metrics", ""), false);
  },
);

Deno.test(
  "hasValidHost() stays strict after a valid request with the same address",
  TIME_LIMIT,
  () => {
    assertEquals(hasValidHost("http://a/metrics", "a"), true);
    assertEquals(hasValidHost("http://a/metrics", "a/x"), false);
    assertEquals(hasValidHost("http://user@a/metrics", "a"), false);
    assertEquals(hasValidHost("http://user@a/metrics", "user@a"), false);
  },
);

Deno.test(
  "a request with an invalid Host is answered 400 by the service",
  TIME_LIMIT,
  async (t) => {
    await using service = await startService();
    const refusedByParsers = ["999.999.999.999", "a:99999", "[:::::]", "xn--a"];
    const hostile = [
      ...refusedByParsers.map((name) => ({ name, target: "/healthz", host: `Host: ${name}` })),
      { name: "a path", target: "/healthz", host: "Host: a/metrics?" },
      { name: "nothing", target: "/healthz", host: "Host:" },
      { name: "userinfo", target: "/healthz", host: "Host: user@a" },
      { name: "a backslash", target: "/healthz", host: "Host: a\\metrics" },
      { name: "a path, target with another host", target: "http://a/healthz", host: "Host: a/x" },
      { name: "a name, target with userinfo", target: "http://user@a/healthz", host: "Host: a" },
      {
        name: "a name, target whose query looks like a path",
        target: "http://a?/metrics",
        host: "Host: a",
      },
    ];
    for (const { name, target, host } of hostile) {
      await t.step(name, async () => {
        // A valid request first: a check must not remember too much.
        for (const before of ["Host: a", `Host: localhost:${new URL(service.url).port}`]) {
          await sendRaw(
            service.url,
            `GET /healthz HTTP/1.1\r\n${before}\r\nConnection: close\r\n\r\n`,
          );
        }
        for (const method of ["GET", "HEAD"]) {
          const request = `${method} ${target} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`;
          const { status, headers, body } = await sendRaw(service.url, request);
          assertEquals([status, headers.get("content-type")], [400, "application/problem+json"]);
          if (method === "HEAD") assertEquals(body, "");
          else assertEquals(JSON.parse(body).type, "/docs/problems#invalid-request");
        }
      });
    }
  },
);

Deno.test("HTTP/1.0 may omit Host, two hosts are refused by the parser", TIME_LIMIT, async () => {
  await using service = await startService();
  const old = await sendRaw(service.url, "GET /healthz HTTP/1.0\r\n\r\n");
  assertEquals([old.status, old.body], [200, '{"status":"ok"}\n']);
  const two = "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\nConnection: close\r\n\r\n";
  assertEquals((await sendRaw(service.url, two)).status, 400);
});

Deno.test("a target with a host of its own may come with another Host", TIME_LIMIT, async () => {
  await using service = await startService();
  for (const host of ["b.example", "[::1]:8000"]) {
    const request = `GET http://a/healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    assertEquals((await sendRaw(service.url, request)).status, 200, host);
  }
  assertEquals(hasValidHost("http://a/healthz", "b.example"), true);
});

Deno.test("CONNECT reaches no route", TIME_LIMIT, async () => {
  await using service = await startService();
  for (const target of ["metrics:80", "user@a:80"]) {
    const request = `CONNECT ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const { status } = await sendRaw(service.url, request);
    assertEquals([400, 404].includes(status), true, `${target}: ${status}`);
  }
});

Deno.test("a request over HTTP/2 has its host in the authority", TIME_LIMIT, async () => {
  await using service = await startService();
  const client = connect(service.url);
  async function ask(authority: string): Promise<unknown> {
    const stream = client.request({ ":path": "/healthz", ":authority": authority });
    stream.resume();
    stream.end();
    return await new Promise((resolve, reject) => {
      stream.on("response", (headers) => resolve(headers[":status"]));
      stream.on("error", reject);
    });
  }
  assertEquals(await ask("localhost:8000"), 200);
  assertEquals(await ask("user@a"), 400);
  await new Promise<void>((resolve) => client.close(resolve));
});
