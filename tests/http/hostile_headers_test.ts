import { assert, assertEquals } from "@std/assert";
import { createTestApp } from "../helpers/app.ts";
import { measureBlock } from "../helpers/block.ts";
import { sendRaw } from "../helpers/raw_http.ts";
import { type StartedService, startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 60_000 };
const BLANKS = " ".repeat(60_000);
const COMMAS = ",".repeat(60_000);

/** How long one hostile request may delay another client. */
const MAX_DELAY_MS = 250;

/** Values that cost quadratic time where a pattern matches runs of blanks or tries every start. */
const HOSTILE_VALUES: readonly { name: string; value: string }[] = [
  { name: "a run of blanks", value: `a${BLANKS}b` },
  { name: "a run of blanks between quotes", value: `"a"${BLANKS}"b` },
  { name: "blanks after every comma", value: `a${", ".repeat(30_000)}b` },
  { name: "commas", value: `a${COMMAS}b` },
  { name: "semicolons", value: `a${";".repeat(60_000)}b` },
  { name: "a run of digits", value: `"${"1".repeat(60_000)}x` },
  { name: "dashes", value: `"1${"-".repeat(60_000)}!` },
  { name: "a scheme and a run of blanks", value: `Bearer ${BLANKS}!` },
  { name: "a token and a run of equal signs", value: `Bearer a${"=".repeat(60_000)}!` },
  { name: "weights", value: `a;q=0.1,`.repeat(7_000) },
  { name: "languages", value: `zh-${"a-".repeat(20_000)},en;q=` },
  { name: "a run of colons", value: `[${":".repeat(60_000)}` },
];

/** Headers that the service, Hono or Deno reads. */
const HEADERS = [
  "If-None-Match",
  "Accept-Encoding",
  "Accept-Language",
  "Authorization",
  "Last-Event-ID",
  "Host",
  "Cookie",
  "Content-Type",
  "Origin",
  "Access-Control-Request-Headers",
];

/** One target for each way to read headers. */
const TARGETS = ["GET /is-bitcoin-lit", "GET /", "POST /refresh", "OPTIONS /refresh"];

Deno.test.each(HEADERS)(
  "a hostile %s delays no other client by 250 ms",
  TIME_LIMIT,
  async (name) => {
    await using service = await startService({ environment: { REFRESH_TOKEN: "s3cret" } });
    // The first use of a route loads what it needs.
    for (const target of TARGETS) await send(service, target, "X: y");
    for (const { name: kind, value } of HOSTILE_VALUES) {
      const delay = await measureBlock(async () => {
        for (const target of TARGETS) {
          const { status } = await send(service, target, `${name}: ${value}`);
          assert(status >= 200 && status < 500, `${target}: ${status}`);
        }
      });
      assert(delay < MAX_DELAY_MS, `${kind}: other clients waited ${delay} ms`);
    }
  },
);

async function send({ url }: StartedService, target: string, header: string) {
  const host = header.startsWith("Host:") ? "" : "Host: a\r\n";
  return await sendRaw(
    url,
    `${target} HTTP/1.1\r\n${host}${header}\r\nConnection: close\r\n\r\n`,
  );
}

Deno.test("a hostile Last-Event-ID delays no stream", TIME_LIMIT, async () => {
  const { handler, streams } = createTestApp();
  for (const { value } of HOSTILE_VALUES) {
    const headers = { "last-event-id": value };
    const request = new Request("http://localhost/events", { headers });
    const delay = await measureBlock(async () => {
      const response = await handler(request);
      assertEquals(response.status, 200);
      await response.body?.cancel();
    });
    assert(delay < MAX_DELAY_MS, `others waited ${delay} ms`);
  }
  assertEquals(streams.size, 0);
});

Deno.test("a long path or query delays no other client", TIME_LIMIT, async () => {
  const { request } = createTestApp();
  const long = [
    `/${"%25".repeat(600)}%`,
    `/docs/${"%".repeat(2_000)}`,
    `/history?${"hours=1&".repeat(240)}`,
    `/history?bucket=${"1".repeat(1_900)}`,
    `/${"/".repeat(2_000)}`,
  ];
  for (const path of long) {
    const delay = await measureBlock(async () => {
      const response = await request(`http://localhost${path}`);
      await response.body?.cancel();
      assert([400, 404].includes(response.status), `${response.status}`);
    });
    assert(delay < MAX_DELAY_MS, `${path.slice(0, 20)}: others waited ${delay} ms`);
  }
});
