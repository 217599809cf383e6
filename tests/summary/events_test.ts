import { assert, assertEquals, assertMatch } from "@std/assert";
import { NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import { SYSTEM_CLOCK } from "../../src/samples/clock.ts";
import { Background } from "../../src/http/background.ts";
import { Summaries } from "../../src/summary/summaries.ts";
import { createTestApp, STALE_AFTER_MS, SUMMARY, type TestAppOptions } from "../helpers/app.ts";
import { readEvents } from "../helpers/event_reader.ts";
import { eventually } from "../helpers/eventually.ts";
import { keepLog } from "../helpers/log.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { recordWaits } from "../helpers/waits.ts";
import { FALLING_SUMMARY, RISING_SUMMARY } from "../helpers/samples.ts";
import type { RevisedSummary } from "../../src/summary/wire.ts";

const TIME_LIMIT = { timeout: 60_000 };

const HEARTBEAT = "event: heartbeat\ndata: {}\n\n";

const FALLING = { revision: 8, ...FALLING_SUMMARY };

function createSummaries(load: () => Promise<RevisedSummary>): Summaries {
  const log = keepLog();
  return new Summaries({
    load,
    cache: { write: () => Promise.resolve() },
    announce: () => Promise.resolve(),
    background: new Background(log),
    clock: SYSTEM_CLOCK,
    forwardNow: Date.now,
    log,
  });
}

/** An app whose parts the test sets, listening on a loopback port. */
function serveApp(options: TestAppOptions = {}) {
  const test = createTestApp(options);
  const server = serveLocally(test.handler);
  return {
    ...test,
    url: server.url.slice(0, -1),
    async [Symbol.asyncDispose]() {
      test.streams.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("GET /events sends the answer at once, then at every change", TIME_LIMIT, async () => {
  await using server = serveApp();
  await using client = await readEvents(server.url);
  assertEquals(client.response.headers.get("content-type"), "text/event-stream");
  assertEquals(client.response.headers.get("access-control-allow-origin"), "*");
  assertEquals(client.response.headers.get("cache-control"), "no-store, no-transform");
  await eventually(() => client.ids().length === 1);
  server.streams.send(SUMMARY);
  server.streams.send({ ...SUMMARY, revision: 8 });
  server.streams.send(FALLING);
  await eventually(() => client.ids().length === 2);
  assertMatch(client.text(), /^retry: 3000\nevent: summary\nid: \S+\ndata: \{.*\}\n\n/);
  assertEquals(client.answers(), [
    { ...RISING_SUMMARY, lit: true, stale: false, feed: "test" },
    { ...FALLING_SUMMARY, lit: false, stale: false, feed: "test" },
  ]);
});

Deno.test(
  "GET /events stays open without data, and sends the first summary",
  TIME_LIMIT,
  async () => {
    await using server = serveApp();
    server.answers.summary = () => Promise.reject(new NoDataError("none"));
    await using client = await readEvents(server.url);
    await eventually(() => client.text() === `retry: 3000\n${HEARTBEAT}`);
    server.streams.send(SUMMARY);
    await eventually(() => client.ids().length === 1);
    assertMatch(
      client.text(),
      /^retry: 3000\nevent: heartbeat\ndata: \{\}\n\nevent: summary\nid: /,
    );
  },
);

Deno.test("GET /events sends a summary whose announcement was lost", TIME_LIMIT, async () => {
  await using server = serveApp({ lookMs: 5 });
  await using client = await readEvents(server.url);
  await eventually(() => client.ids().length === 1);
  server.answers.summary = () => FALLING;
  await eventually(() => client.ids().length === 2);
});

Deno.test(
  "GET /events sends that the data went stale, without an announcement",
  TIME_LIMIT,
  async () => {
    await using server = serveApp({ lookMs: 5 });
    await using client = await readEvents(server.url);
    await eventually(() => client.ids().length === 1);
    server.answers.now += STALE_AFTER_MS + 1;
    await eventually(() => client.ids().length === 2);
    assertEquals(client.answers().map(({ stale }) => stale), [false, true]);
  },
);

Deno.test("GET /events never sends an older answer after a newer one", TIME_LIMIT, async () => {
  // The newer one arrives this many microtasks after the older one was loaded.
  for (let turns = 0; turns < 20; turns++) {
    const loading = Promise.withResolvers<RevisedSummary>();
    const summaries = createSummaries(() => loading.promise);
    await using server = serveApp({ summaries });
    summaries.listen({ onChange: (summary) => server.streams.send(summary) });
    await using client = await readEvents(server.url);
    loading.resolve(SUMMARY);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    summaries.receive(FALLING);
    await eventually(() => client.ids().length > 0);
    server.streams.close();
    await client.ended;
    const last = client.answers().at(-1)?.price_direction;
    assertEquals(last, "falling", `after ${turns} turns`);
  }
});

Deno.test(
  "GET /events begins with a heartbeat if the client has the answer",
  TIME_LIMIT,
  async () => {
    await using server = serveApp();
    await using client = await readEvents(server.url);
    await eventually(() => client.ids().length === 1);
    await using other = await readEvents(server.url, client.ids()[0]);
    await eventually(() => other.text() === `retry: 3000\n${HEARTBEAT}`);
  },
);

Deno.test(
  "GET /events begins with a block whose data every client can parse",
  TIME_LIMIT,
  async () => {
    await using server = serveApp({ heartbeatMs: 5 });
    await using client = await readEvents(server.url);
    await eventually(() => client.text().split("\n\n").length > 3);
    for (const block of client.text().split("\n\n").slice(0, -1)) {
      const [, data = ""] = /^data: (.*)$/m.exec(block) ?? [];
      assertEquals(typeof JSON.parse(data), "object", block);
    }
  },
);

Deno.test("EventStreams.open() leaves the other streams alone", TIME_LIMIT, async () => {
  const { app, answers, streams } = createTestApp();
  const first = await app.request("/events");
  answers.summary = () => FALLING;
  const second = await app.request("/events");
  streams.close();
  assertMatch(await second.text(), /"price_direction":"falling"/);
  assertEquals((await first.text()).match(/"price_direction":"\w+"/g), [
    '"price_direction":"rising"',
  ]);
});

Deno.test("GET /events keeps streams open, also after the last one left", TIME_LIMIT, async () => {
  await using server = serveApp({ heartbeatMs: 5 });
  for (const _ of ["first", "second"]) {
    const client = await readEvents(server.url);
    await eventually(() => client.text().split(HEARTBEAT).length > 2);
    await client[Symbol.asyncDispose]();
    await eventually(() => server.streams.size === 0);
  }
});

Deno.test(
  "GET /events refuses one stream too many, and takes one when another left",
  TIME_LIMIT,
  async () => {
    await using server = serveApp({ maxStreams: 1 });
    const first = await readEvents(server.url);
    const refused = await fetch(`${server.url}/events`);
    assertEquals([refused.status, refused.headers.get("retry-after")], [503, "30"]);
    assertEquals((await refused.json()).type, "/docs/problems#too-many-streams");
    await first[Symbol.asyncDispose]();
    await eventually(() => server.streams.size === 0);
    await using second = await readEvents(server.url);
    assertEquals(second.response.status, 200);
  },
);

Deno.test(
  "EventStreams beats for each of 15 groups every 15 s, and looks every 3 s",
  TIME_LIMIT,
  async () => {
    using waits = recordWaits();
    const { request, streams } = createTestApp();
    const responses = [await request("/events"), await request("/events")];
    streams.close();
    for (const { body } of responses) await body?.cancel();
    assertEquals(waits.intervals, [15_000 / 15, 3_000]);
  },
);

Deno.test("GET /events tells nginx to hold nothing back", TIME_LIMIT, async () => {
  const { request, streams } = createTestApp();
  const { headers, body } = await request("/events");
  assertEquals(headers.get("x-accel-buffering"), "no");
  streams.close();
  await body?.cancel();
});

Deno.test("GET /events drops a client that does not read", TIME_LIMIT, async () => {
  const { app, streams } = createTestApp();
  const { body } = await app.request("/events");
  const eventBytes = 520;
  for (let i = 0; streams.size > 0; i++) {
    assert(i * eventBytes < 2 * 65_536, "the client was not dropped");
    streams.send({ ...SUMMARY, as_of: new Date(i).toISOString() });
  }
  await body?.cancel().catch(() => {});
});

Deno.test("HEAD /events leaves no stream open", TIME_LIMIT, async () => {
  const { request, streams } = createTestApp();
  const response = await request("/events", { method: "HEAD" });
  assertEquals([response.status, streams.size], [200, 0]);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
});

Deno.test("EventStreams logs only failures that it does not expect", TIME_LIMIT, async () => {
  await using server = serveApp();
  await using client = await readEvents(server.url);
  for (const error of [new NoDataError("none"), new StoreError("away"), new TypeError("a bug")]) {
    server.answers.summary = () => {
      throw error;
    };
    await using _other = await readEvents(server.url);
  }
  await eventually(() => server.log.lines.length > 0);
  const lines = server.log.lines.map((
    { level, message, fields },
  ) => [level, message, String(fields.error)]);
  assertEquals(lines, [["error", "checking for a new answer failed", "TypeError: a bug"]]);
  server.streams.send(FALLING);
  await eventually(() => client.ids().length === 2);
});

Deno.test(
  "EventStreams.close() ends every stream, and every later one at once",
  TIME_LIMIT,
  async () => {
    await using server = serveApp({ heartbeatMs: 5 });
    await using client = await readEvents(server.url);
    await eventually(() => client.ids().length === 1);
    server.streams.close();
    await client.ended;
    await using late = await readEvents(server.url);
    await late.ended;
    assertEquals([late.response.status, late.text()], [200, ""]);
    assertEquals(server.streams.size, 0);
  },
);
