import { assertEquals } from "@std/assert";
import { createHeartbeat } from "../../src/notifications/heartbeat.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { keepLog } from "../helpers/log.ts";
import { recordWaits } from "../helpers/waits.ts";

const TIME_LIMIT = { timeout: 60_000 };
const NEVER = new AbortController().signal;

Deno.test(
  "createHeartbeat() requests the address while the answer is fresh",
  TIME_LIMIT,
  async () => {
    const methods: string[] = [];
    await using server = serveLocally(({ method }) => {
      methods.push(method);
      return new Response("OK");
    });
    const log = keepLog();
    const beat = createHeartbeat({ heartbeatUrl: server.url, log, signal: NEVER });
    using waits = recordWaits();
    await beat({ stale: false });
    await beat({ stale: true });
    assertEquals({ methods, lines: log.lines }, { methods: ["GET"], lines: [] });
    assertEquals(waits.limits, [10_000]);
  },
);

Deno.test("createHeartbeat() without an address does nothing", TIME_LIMIT, async () => {
  await createHeartbeat({ heartbeatUrl: undefined, log: keepLog(), signal: NEVER })({
    stale: false,
  });
});

Deno.test.each<{ title: string; answer: () => Response | Promise<Response>; message: string }>([
  {
    title: "500",
    answer: () => new Response(null, { status: 500 }),
    message: "the heartbeat was refused",
  },
  {
    title: "a redirect",
    answer: () => new Response(null, { status: 302, headers: { location: "/elsewhere" } }),
    message: "the heartbeat was refused",
  },
  {
    title: "nothing",
    answer: () => new Promise<Response>(() => {}),
    message: "the heartbeat could not be sent",
  },
])("createHeartbeat() logs an answer of $title", TIME_LIMIT, async ({ answer, message }) => {
  await using server = serveLocally(answer);
  const log = keepLog();
  const heartbeatUrl = `${server.url}secret-path`;
  const beat = createHeartbeat({ heartbeatUrl, heartbeatTimeoutMs: 200, log, signal: NEVER });
  await beat({ stale: false });
  assertEquals(log.lines.map((line) => line.message), [message]);
  assertEquals(JSON.stringify(log.lines).includes("secret-path"), false);
  assertEquals(server.requests, 1);
});
