import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import { eventually } from "../helpers/eventually.ts";
import { type Ends, keepAsking } from "../helpers/keep_alive_client.ts";
import { RawConnection } from "../helpers/raw_connection.ts";
import * as toxics from "../helpers/toxics.ts";
import { refresh, startProcessTestbed, type Testbed, warmUp } from "./testbed.ts";

const CLIENTS = 32;
const EXIT_MS = 5_000;

// The sanitizers cannot attribute what is open to one of several parallel steps.
const SIDE_BY_SIDE = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };

const CASES: Record<string, () => Promise<void>> = {
  "code 0 after SIGTERM under load": () => stopUnderLoad("SIGTERM"),
  "code 0 after SIGINT under load while Redis hangs": () =>
    stopUnderLoad("SIGINT", (testbed) => testbed.redis.toxic = toxics.hang()),
  "code 0 with event streams and requests that never come whole": stopWithOpenConnections,
  "code 1 and a line in the log when a request was cut": stopWhileAnswering,
};

Deno.test(
  "main.ts ends within 5 s of a signal without failing a request",
  { ...SIDE_BY_SIDE, timeout: 60_000 },
  async (t) => {
    await Promise.all(
      Object.entries(CASES).map(([name, fn]) => t.step({ name, fn, ...SIDE_BY_SIDE })),
    );
  },
);

async function stopUnderLoad(
  signal: Deno.Signal,
  disturb: (testbed: Testbed) => unknown = () => {},
): Promise<void> {
  await using testbed = await startProcessTestbed();
  await warmUp(testbed);
  await disturb(testbed);
  const ends: Ends = { answered: 0, failed: [], dismissed: 0 };
  const clients = Array.from({ length: CLIENTS }, () => keepAsking(testbed.url, ends));
  await eventually(() => ends.answered > 10 * CLIENTS);
  assertEquals(await testbed.service.stop(signal), 0);
  await Promise.all(clients);
  assertEquals(testbed.service.output().includes("took too long"), false, "it ends by itself");
  assertEquals(ends.failed, []);
  assertEquals(ends.dismissed, CLIENTS);
}

async function stopWithOpenConnections(): Promise<void> {
  await using testbed = await startProcessTestbed();
  await warmUp(testbed);
  const streams = await Promise.all(
    Array.from({ length: CLIENTS }, () => fetch(`${testbed.url}/events`)),
  );
  assertEquals(new Set(streams.map(({ status }) => status)), new Set([200]));
  await using halfHead = await RawConnection.open(testbed.url);
  await halfHead.send("GET /is-bitcoin-lit HTTP/1.1\r\nhos");
  await using halfBody = await RawConnection.open(testbed.url);
  await halfBody.send("POST /refresh HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc");
  assertEquals(await testbed.service.stop("SIGTERM"), 0);
  // A stream that was cut, not ended, would throw.
  for (const text of await Promise.all(streams.map((stream) => stream.text()))) {
    assertStringIncludes(text, "as_of");
  }
}

async function stopWhileAnswering(): Promise<void> {
  await using testbed = await startProcessTestbed();
  await warmUp(testbed);
  testbed.feed.advance();
  // Every answer is in time; together they take longer than the shutdown may.
  testbed.redis.toxic = toxics.latency(700);
  testbed.feed.respond = () => delay(2_200).then(() => testbed.feed.answer());
  const { requests } = testbed.feed;
  const refreshing = refresh(testbed.url).catch(() => "cut");
  await eventually(() => testbed.feed.requests > requests);
  assertEquals(await testbed.service.stop("SIGTERM"), 1, testbed.service.output());
  assertEquals(await refreshing, "cut");
  const [cut = "{}"] = /^.*the shutdown took too long.*$/m.exec(testbed.service.output()) ?? [];
  const { limit_ms, pending } = JSON.parse(cut).properties;
  assertEquals(pending, 1);
  assert(limit_ms < EXIT_MS, `the limit is ${limit_ms} ms`);
}
