import { assert, assertEquals } from "@std/assert";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { HAS_NGINX } from "../helpers/needs.ts";
import { type Edit, type Nginx, startNginx } from "./nginx.ts";
import { assertProblem } from "./problems.ts";
import { askRaw, connectRaw, from, get, portOf, readToEnd } from "./raw_https.ts";

const WITH_NGINX = { ignore: !HAS_NGINX, timeout: 60_000 };
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

/** The statuses of one refresh from each address, in turn: a client may refresh four times at once. */
async function refreshFrom(nginx: Nginx, addresses: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const address of addresses) {
    const refresh = get("/refresh", from(address)).replace("GET", "POST");
    statuses.push((await askRaw(nginx, refresh)).status);
  }
  return statuses;
}

/** Addresses of one client each, with `::` in every place of the first four groups, or in none. */
const CLIENTS: readonly { client: string; addresses: readonly string[] }[] = [
  {
    client: "2001:db8:1:2::/64",
    addresses: [
      "2001:db8:1:2::1",
      "2001:db8:1:2:2:1:1:1",
      "2001:db8:1:2:a:b:c:0",
      "2001:DB8:1:2:0::f",
      "2001:0db8:0001:0002:0000:0000:0000:0007",
    ],
  },
  {
    client: "2001:db8::/64",
    addresses: [
      "2001:db8::1",
      "2001:db8:0:0:2::",
      "2001:db8::3:4:5:6",
      "2001:db8:0:0:7:0:0:8",
      "2001:db8::192.0.2.1",
    ],
  },
  {
    client: "2001:db8:1::/64",
    addresses: [
      "2001:db8:1::1",
      "2001:db8:1:0:2::",
      "2001:db8:1:0:3:4:5:6",
      "2001:db8:1::a:0:0:1",
      "2001:db8:1:0:ffff:ffff:ffff:ffff",
    ],
  },
  {
    client: "2001:0:0:7::/64",
    addresses: [
      "2001::7:1:2:3:4",
      "2001:0:0:7::1",
      "2001:0:0:7:a::",
      "2001:0:0:7:a:b::",
      "2001::7:0:0:0:9",
    ],
  },
  { client: "::/64", addresses: ["::2", "::3:0:0:1", "0:0:0:0:4::", "::5:6:7:8", "0::9"] },
  { client: "192.0.2.1", addresses: Array(5).fill("192.0.2.1") },
  { client: "::ffff:192.0.2.1", addresses: Array(5).fill("::ffff:192.0.2.1") },
];

Deno.test.each(CLIENTS)(
  "nginx counts all addresses of $client as one client",
  WITH_NGINX,
  async ({ client, addresses }) => {
    await using upstream = serveLocally(() => new Response());
    await using nginx = await startNginx(portOf(upstream));
    assertEquals(await refreshFrom(nginx, addresses), [200, 200, 200, 200, 429]);
    const others = CLIENTS.filter((other) => other.client !== client && !other.client.includes("."))
      .map((other) => other.addresses[0] ?? "");
    const neighbours = ["192.0.2.2", "::ffff:192.0.2.2", "2001:db8:1:3::1", "2001:db8:0:1::1"];
    const statuses = await refreshFrom(nginx, [...others, ...neighbours]);
    assertEquals([...new Set(statuses)], [200]);
  },
);

Deno.test("nginx lets a client read two histories at once", WITH_NGINX, async () => {
  const held = Promise.withResolvers<void>();
  await using upstream = serveLocally(async ({ url }) => {
    if (url.includes("hold")) await held.promise;
    return new Response();
  });
  await using nginx = await startNginx(portOf(upstream));
  const ask = (path: string, client: string) => askRaw(nginx, get(path, from(client)));
  const pending = [
    ask("/history?hold", PUBLIC_CLIENT),
    ask("/history.csv?hold", PUBLIC_CLIENT),
  ];
  await eventually(() => upstream.requests === 2);
  for (const path of ["/history", "/history.csv", "/%68istory"]) {
    assertProblem(await ask(path, PUBLIC_CLIENT), { status: 429, type: "too-many-requests" });
  }
  assertEquals((await ask("/history", PRIVATE_CLIENT)).status, 200);
  assertEquals((await ask("/is-bitcoin-lit", PUBLIC_CLIENT)).status, 200);
  held.resolve();
  for (const answer of pending) assertEquals((await answer).status, 200);
  assertEquals((await ask("/history", PUBLIC_CLIENT)).status, 200);
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

Deno.test(
  "nginx ends an old worker's streams after a reload, and goes on with new ones",
  WITH_NGINX,
  async () => {
    const heartbeat = new TextEncoder().encode("event: heartbeat\ndata: {}\n\n");
    await using upstream = serveLocally(() => {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(heartbeat) });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    await using nginx = await startNginx(portOf(upstream), [
      shorten("worker_shutdown_timeout 25s"),
    ]);
    async function openStream() {
      const { body } = await fetch(`${nginx.url}/events`, { client: nginx.client });
      const reader = body!.getReader();
      assertEquals((await reader.read()).value, heartbeat);
      return reader;
    }
    const old = await openStream();
    await nginx.reload();
    // An end or a reset: either way the client connects again.
    await old.read().then(({ done }) => assert(done), () => {});
    await (await openStream()).cancel();
  },
);

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
