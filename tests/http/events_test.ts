import { assertEquals, assertMatch } from "@std/assert";
import { NoDataError } from "../../src/core/errors.ts";
import { createTestApp, type TestApp } from "../helpers/app.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { NOW, RISING_SUMMARY } from "../helpers/samples.ts";

const FALLING_SUMMARY = {
  ...RISING_SUMMARY,
  price_direction: "falling",
  as_of: "2021-07-07T12:31:00.000Z",
} as const;

/** A stream that a client reads over real HTTP, and all it has read so far. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  let text = "";
  const reading = (async () => {
    const decoded = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const chunk of decoded) text += chunk;
  })().catch(() => {});
  return {
    response,
    text: () => text,
    ids: () => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id),
    ended: reading,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await reading;
    },
  };
}

function serve({ app, streams }: TestApp) {
  const server = serveLocally((request) => app.fetch(request));
  return {
    url: `${server.url}events`,
    async [Symbol.asyncDispose]() {
      streams.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("GET /events sends the summary at once, then at every change", async () => {
  const test = createTestApp();
  await using server = serve(test);
  await using client = await listen(server.url);
  assertEquals(client.response.headers.get("content-type"), "text/event-stream");
  assertEquals(client.response.headers.get("access-control-allow-origin"), "*");
  await eventually(() => client.ids().length === 1);
  test.streams.send(RISING_SUMMARY);
  test.streams.send(FALLING_SUMMARY);
  await eventually(() => client.ids().length === 2);
  assertEquals(client.ids(), [RISING_SUMMARY.as_of, FALLING_SUMMARY.as_of]);
  assertMatch(client.text(), /^retry: 3000\n\nevent: summary\nid: \S+\ndata: \{/);
  const [, data = ""] = /^data: (.*)$/m.exec(client.text()) ?? [];
  assertEquals(JSON.parse(data), { ...RISING_SUMMARY, lit: true, stale: false, feed: "test" });
});

Deno.test("GET /events does not repeat what a client had before it came back", async () => {
  const test = createTestApp();
  await using server = serve(test);
  await using client = await listen(server.url, { "last-event-id": RISING_SUMMARY.as_of });
  await using other = await listen(server.url);
  await eventually(() => other.ids().length === 1);
  test.streams.send(FALLING_SUMMARY);
  await eventually(() => client.ids().length > 0);
  assertEquals(client.ids(), [FALLING_SUMMARY.as_of]);
});

Deno.test("GET /events stays open while there is no data, and sends the first summary", async () => {
  const test = createTestApp();
  test.answers.summary = () => Promise.reject(new NoDataError("none"));
  await using server = serve(test);
  await using client = await listen(server.url);
  await eventually(() => client.text().includes("retry"));
  test.streams.send(RISING_SUMMARY);
  await eventually(() => client.ids().length === 1);
});

Deno.test("GET /events tells by itself that the data went stale, and keeps streams open", async () => {
  const test = createTestApp({ heartbeatMs: 5 });
  await using server = serve(test);
  await using client = await listen(server.url);
  await eventually(() => client.text().includes('"stale":false'));
  test.answers.now = NOW + 3_600_000;
  await eventually(() => client.text().includes('"stale":true'));
  assertMatch(client.text(), /^:$/m);
});

Deno.test("GET /events refuses a stream too many, and takes one when another has gone", async () => {
  const test = createTestApp({ maxStreams: 1 });
  await using server = serve(test);
  const first = await listen(server.url);
  const refused = await fetch(server.url);
  assertEquals([refused.status, refused.headers.get("retry-after")], [503, "30"]);
  assertEquals((await refused.json()).type, "too-many-streams");
  await first[Symbol.asyncDispose]();
  await eventually(() => test.streams.size === 0);
  await using second = await listen(server.url);
  assertEquals(second.response.status, 200);
});

Deno.test("GET /events drops a client that does not read", async () => {
  const { app, streams } = createTestApp();
  const { body } = await app.request("/events");
  for (let i = 0; streams.size > 0; i++) {
    streams.send({ ...RISING_SUMMARY, as_of: new Date(NOW + i).toISOString() });
  }
  await body?.cancel().catch(() => {});
  assertEquals(streams.size, 0);
});

Deno.test("HEAD /events opens no stream", async () => {
  const { app, streams } = createTestApp();
  const response = await app.request("/events", { method: "HEAD" });
  assertEquals([response.status, streams.size], [200, 0]);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
});

Deno.test("EventStreams.close() ends every stream", async () => {
  const test = createTestApp();
  await using server = serve(test);
  await using client = await listen(server.url);
  await eventually(() => client.ids().length === 1);
  test.streams.close();
  await client.ended;
  assertEquals(test.streams.size, 0);
});
