import { assertEquals } from "@std/assert";
import { serveLocally } from "../helpers/local_server.ts";
import { HAS_NGINX } from "../helpers/needs.ts";
import { type Edit, startNginx } from "./nginx.ts";
import { assertProblem } from "./problems.ts";
import { askRaw, connectRaw, from, get, portOf, readToEnd } from "./raw_https.ts";

const WITH_NGINX = { ignore: !HAS_NGINX, timeout: 20_000 };
const PUBLIC_CLIENT = "203.0.113.7";
const PRIVATE_CLIENT = "10.1.2.3";
const MAX_STREAMS = 10;

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
  const readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  for (let i = 0; i < MAX_STREAMS; i++) {
    const headers = { "x-test-client": PUBLIC_CLIENT };
    const { body } = await fetch(`${url}/events`, { client, headers });
    const reader = body!.getReader();
    readers.push(reader);
    const { value } = await reader.read();
    assertEquals(new TextDecoder().decode(value), "event: summary\n\n");
  }
  const eleventh = await askRaw(nginx, get("/events", from(PUBLIC_CLIENT)));
  assertProblem(eleventh, { status: 503, type: "too-many-streams" });
  for (const reader of readers) await reader.cancel();
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
