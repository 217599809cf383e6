import { assert, assertEquals } from "@std/assert";
import { serveLocally } from "../helpers/local_server.ts";
import { HAS_NGINX } from "../helpers/needs.ts";
import { runTask } from "../helpers/process.ts";
import { sendRaw } from "../helpers/raw_http.ts";
import { checkNginx, type Nginx, renderNginx, startNginx } from "./nginx.ts";
import { assertProblem } from "./problems.ts";
import { askRaw, from, get, portOf } from "./raw_https.ts";

const WITH_NGINX = { ignore: !HAS_NGINX, timeout: 60_000 };
const PUBLIC_CLIENT = "203.0.113.7";
const PRIVATE_CLIENT = "10.1.2.3";

Deno.test("nginx -t accepts ops/nginx.conf without a warning", WITH_NGINX, async () => {
  await using rendered = await renderNginx(1);
  const { success, output } = await checkNginx(rendered);
  assert(success, output);
  assertEquals(output.match(/\[(warn|alert|error|emerg)\]/g), null, output);
});

Deno.test("nginx passes a request and its answer on unchanged", WITH_NGINX, async () => {
  const body = "x".repeat(5_000);
  await using upstream = serveLocally(({ url }) => {
    const headers = { etag: '"1-a"', vary: "accept-encoding, accept-language", "x-url": url };
    return new Response(body, { headers: { "content-type": "application/json", ...headers } });
  });
  await using nginx = await startNginx(portOf(upstream));

  const headers = { "accept-encoding": "gzip", host: "example.com:8443" };
  const answer = await fetch(`${nginx.url}/history?hours=3`, { client: nginx.client, headers });
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("vary"), "accept-encoding, accept-language");
  assertEquals(answer.headers.get("etag"), '"1-a"');
  assertEquals(answer.headers.get("content-encoding"), null);
  // Sent by nginx alone: over plain HTTP it would bind every port of the host.
  assertEquals(answer.headers.get("strict-transport-security"), "max-age=31536000");
  assertEquals(await answer.text(), body);

  const raw = await askRaw(nginx, get("/history?hours=3").replace("example.com", "a.example:81"));
  assertEquals(raw.headers.get("x-url"), "http://a.example:81/history?hours=3");
  const old = await askRaw(nginx, "GET / HTTP/1.0\r\n\r\n");
  assertEquals(old.status, 200);
});

Deno.test.each([
  { target: "/history?hours=3", host: "evil.example", path: "/history?hours=3" },
  { target: "/", host: "evil.example:80", path: "/" },
  { target: "//evil.example/", host: "bitcoin.example.com", path: "//evil.example/" },
  { target: "http://evil.example/a?b", host: "evil.example", path: "/a?b" },
  { target: "http://evil.example?x", host: "evil.example", path: "?x" },
  { target: "http://evil.example", host: "evil.example", path: "/" },
])(
  "nginx sends plain HTTP for $target to HTTPS under its own name",
  WITH_NGINX,
  async ({ target, host, path }) => {
    await using nginx = await startNginx(1);
    const request = `GET ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
    const { status, headers } = await sendRaw(`http://127.0.0.1:${nginx.httpPort}`, request);
    assertEquals([status, headers.get("location")], [308, `https://bitcoin.example.com${path}`]);
  },
);

const LONG = "a".repeat(9_000);

Deno.test.each([
  { status: 400, type: "invalid-request", request: "GET / HTTP/1.1\r\nhost: a b\r\n\r\n" },
  { status: 400, type: "invalid-request", request: "nonsense\r\n\r\n" },
  { status: 400, type: "invalid-request", request: get("/", `x-long: ${LONG}\r\n`) },
  { status: 403, type: "forbidden", request: get("/metrics", from(PUBLIC_CLIENT)) },
  { status: 404, type: "not-found", request: get("/_problems/502") },
  { status: 405, type: "method-not-allowed", request: get("/").replace("GET", "TRACE") },
  {
    status: 413,
    type: "content-too-large",
    request: get("/refresh", "content-length: 20000\r\n").replace("GET", "POST") +
      "x".repeat(20_000),
  },
  { status: 414, type: "uri-too-long", request: get(`/${LONG}`) },
  { status: 502, type: "bad-gateway", request: get("/broken") },
  { status: 504, type: "gateway-timeout", request: get("/silent") },
])("nginx answers with the problem $status $type", WITH_NGINX, async (expected) => {
  await using upstream = serveFaults();
  await using nginx = await startNginx(upstream.port, [
    ["proxy_read_timeout 15s;", "proxy_read_timeout 200ms;"],
  ]);
  assertProblem(await askRaw(nginx, expected.request), expected);
});

/** Closes the connection on `/broken`, and never answers anything else. */
function serveFaults(): AsyncDisposable & { readonly port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.TcpConn[] = [];
  async function accept(): Promise<void> {
    for await (const connection of listener) {
      connections.push(connection);
      const buffer = new Uint8Array(1_024);
      const count = await connection.read(buffer);
      const request = new TextDecoder().decode(buffer.subarray(0, count ?? 0));
      if (request.includes("/broken")) connections.pop()?.close();
    }
  }
  const accepting = accept();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of connections) connection.close();
    },
  };
}

Deno.test("nginx in front of the service", WITH_NGINX, async (t) => {
  await using service = runTask("dev");
  await using nginx = await startNginx(portOf({ url: await service.url }));

  await t.step("answers with the service's headers in its own problems", async () => {
    const theirs = await askRaw(nginx, get("/nowhere"));
    const ours = await askRaw(nginx, get("/_problems/404"));
    assertEquals([theirs.status, ours.status], [404, 404]);
    const names = ["content-length", "date", "x-request-id"];
    for (const { headers } of [theirs, ours]) names.forEach((name) => headers.delete(name));
    assertEquals([...ours.headers], [...theirs.headers]);
    assertEquals(Object.keys(JSON.parse(ours.body)), Object.keys(JSON.parse(theirs.body)));
  });
  await t.step("answers operators in private networks only", async () => {
    assertEquals(await statusesOf(nginx, ["/metrics", "/readyz"], PRIVATE_CLIENT), [200, 200]);
    assertEquals(await statusesOf(nginx, ["/metrics", "/readyz"], PUBLIC_CLIENT), [403, 403]);
    assertEquals(await statusesOf(nginx, ["/healthz"], PUBLIC_CLIENT), [200]);
  });
  await t.step("refuses a private path in every spelling", async () => {
    const spellings = ["/%6detrics", "//metrics", "/x/../metrics", "/x/%2e%2e/metrics"];
    const oddities = ["/metrics?x", "/metrics#x", "/x\\..\\metrics", "/metrics/", "/metrics;x"];
    const resolved = ["/.\\metrics", "/%2e%2e/metrics", "/.%5cmetrics", "/docs\\..\\readyz"];
    for (const method of ["GET", "HEAD"] as const) {
      const paths = [...spellings, ...oddities, ...resolved];
      const statuses = await statusesOf(nginx, paths, PUBLIC_CLIENT, method);
      // nginx itself answers 400 to a path that leaves the root.
      assertEquals(statuses.filter((status) => ![400, 403, 404].includes(status)), []);
    }
    const host = get("/", from(PUBLIC_CLIENT)).replace("example.com", "a/metrics?");
    assertEquals((await askRaw(nginx, host)).status, 400);
  });
});

async function statusesOf(
  nginx: Nginx,
  paths: string[],
  client: string,
  method = "GET",
): Promise<number[]> {
  const answers = await Promise.all(
    paths.map((path) => askRaw(nginx, get(path, from(client)).replace("GET", method))),
  );
  return answers.map(({ status }) => status);
}
