import { assert, assertEquals, assertMatch } from "@std/assert";
import { PROBLEMS } from "../../src/http/problem.ts";
import { type LocalServer, serveLocally } from "../helpers/local_server.ts";
import { HAS_NGINX } from "../helpers/needs.ts";
import { runTask } from "../helpers/process.ts";
import { checkNginx, type Edit, type Nginx, renderNginx, startNginx } from "./nginx.ts";
import { askRaw, connectRaw, type RawAnswer, readToEnd } from "./raw_https.ts";

const WITH_NGINX = { ignore: !HAS_NGINX, timeout: 20_000 };
const PUBLIC_CLIENT = "203.0.113.7";
const PRIVATE_CLIENT = "10.1.2.3";
const MAX_STREAMS = 10;

function portOf({ url }: Pick<LocalServer, "url">): number {
  return Number(new URL(url).port);
}

/** A request that ends its connection. */
function get(path: string, headers = ""): string {
  return `GET ${path} HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\n${headers}\r\n`;
}

function from(client: string): string {
  return `x-test-client: ${client}\r\n`;
}

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
  assertEquals(await answer.text(), body);

  const raw = await askRaw(nginx, get("/history?hours=3").replace("example.com", "a.example:81"));
  assertEquals(raw.headers.get("x-url"), "http://a.example:81/history?hours=3");
  const old = await askRaw(nginx, "GET / HTTP/1.0\r\n\r\n");
  assertEquals(old.status, 200);
});

Deno.test("nginx sends plain HTTP to HTTPS", WITH_NGINX, async () => {
  await using nginx = await startNginx(1);
  const url = `http://127.0.0.1:${nginx.httpPort}/history?hours=3`;
  const answer = await fetch(url, { redirect: "manual" });
  await answer.body?.cancel();
  assertEquals(answer.status, 308);
  assertEquals(answer.headers.get("location"), "https://127.0.0.1/history?hours=3");
});

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

function assertProblem(
  { status, headers, body }: RawAnswer,
  expected: { status: number; type: string },
): void {
  assertEquals(status, expected.status, body);
  assertEquals(headers.get("content-type"), "application/problem+json");
  const problem = JSON.parse(body);
  assertEquals(problem.type, `/docs/problems#${expected.type}`);
  assertEquals(problem.status, expected.status);
  assertEquals(problem.request_id, headers.get("x-request-id"));
  assertMatch(problem.request_id, /^[0-9a-f]{32}$/);
  assertEquals(headers.get("access-control-allow-origin"), "*");
  assertEquals(headers.has("retry-after"), [429, 502, 503, 504].includes(status));
  assertEquals(headers.has("allow"), status === 405);
  const known = Object.entries(PROBLEMS).find(([type]) => type === expected.type);
  if (known !== undefined) assertEquals(known[1].status, status);
}

Deno.test("nginx lets a client refresh four times at once", WITH_NGINX, async () => {
  await using upstream = serveLocally(() => new Response());
  await using nginx = await startNginx(portOf(upstream));
  const refresh = get("/refresh", from(PUBLIC_CLIENT)).replace("GET", "POST");
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await askRaw(nginx, refresh)).status);
  assertEquals(statuses, [200, 200, 200, 200]);
  assertProblem(await askRaw(nginx, refresh), { status: 429, type: "too-many-requests" });
  assertEquals((await askRaw(nginx, refresh.replace(PUBLIC_CLIENT, PRIVATE_CLIENT))).status, 200);
  assertEquals((await askRaw(nginx, get("/", from(PUBLIC_CLIENT)))).status, 200);
});

Deno.test("nginx counts all addresses of an IPv6 network as one client", WITH_NGINX, async () => {
  await using upstream = serveLocally(() => new Response());
  await using nginx = await startNginx(portOf(upstream));
  const statuses: number[] = [];
  for (const host of ["1", "2:1", "a:b:c", "f:f:f:f", "7"]) {
    const address = `2001:db8:1:2:${"0:0:0:0:".slice(0, 2 * (4 - host.split(":").length))}${host}`;
    const refresh = get("/refresh", from(address)).replace("GET", "POST");
    statuses.push((await askRaw(nginx, refresh)).status);
  }
  assertEquals(statuses, [200, 200, 200, 200, 429]);
});

Deno.test("nginx passes events on at once, to ten streams per client", WITH_NGINX, async () => {
  await using upstream = serveLocally(() => {
    const first = new TextEncoder().encode("event: summary\n\n");
    const body = new ReadableStream({ start: (controller) => controller.enqueue(first) });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  await using nginx = await startNginx(portOf(upstream));
  const { client, url } = nginx;
  const close = new AbortController();
  for (let i = 0; i < MAX_STREAMS; i++) {
    const headers = { "x-test-client": PUBLIC_CLIENT };
    const answer = await fetch(`${url}/events`, { client, headers, signal: close.signal });
    const { value } = await answer.body!.getReader().read();
    assertEquals(new TextDecoder().decode(value), "event: summary\n\n");
  }
  const eleventh = await askRaw(nginx, get("/events", from(PUBLIC_CLIENT)));
  assertProblem(eleventh, { status: 503, type: "too-many-streams" });
  close.abort();
});

Deno.test.each([
  { name: "sends headers slowly", edit: shorten("client_header_timeout 10s"), sent: "GET / HT" },
  {
    name: "sends nothing after its answer",
    edit: shorten("keepalive_timeout 60s"),
    sent: get("/").replace("connection: close\r\n", ""),
  },
])("nginx closes a connection whose client $name", WITH_NGINX, async ({ edit, sent }) => {
  await using upstream = serveLocally(() => new Response());
  await using nginx = await startNginx(portOf(upstream), [edit]);
  using connection = await connectRaw(nginx);
  await connection.write(new TextEncoder().encode(sent));
  await readToEnd(connection).catch(requireReset);
  assertEquals(upstream.requests, sent.endsWith("\r\n\r\n") ? 1 : 0);
});

/** nginx resets a connection that ran into a time limit, which frees its memory at once. */
function requireReset(error: unknown): void {
  if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
}

function shorten(setting: string): Edit {
  return [`${setting};`, `${setting.replace(/\d+s$/, "200ms")};`];
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
    const statuses = await statusesOf(nginx, [...spellings, ...oddities], PUBLIC_CLIENT);
    assertEquals(statuses.filter((status) => ![403, 404].includes(status)), []);
    const host = get("/", from(PUBLIC_CLIENT)).replace("example.com", "a/metrics?");
    assertEquals((await askRaw(nginx, host)).status, 400);
  });
});

async function statusesOf(nginx: Nginx, paths: string[], client: string): Promise<number[]> {
  const answers = await Promise.all(
    paths.map((path) => askRaw(nginx, get(path, from(client)))),
  );
  return answers.map(({ status }) => status);
}
