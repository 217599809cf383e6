import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import { eventually } from "../helpers/eventually.ts";
import { type Ends, keepAsking } from "../helpers/keep_alive_client.ts";
import { RawConnection } from "../helpers/raw_connection.ts";
import * as toxics from "../helpers/toxics.ts";
import { type ProcessRig, refresh, type Rig, startProcessRig, warmUp } from "./rig.ts";

const CLIENTS = 32;
const EXIT_MS = 5_000;

// What steps that run side by side leave open cannot be told apart.
const SIDE_BY_SIDE = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };

const CASES: Record<string, () => Promise<void>> = {
  "code 0 after SIGTERM under load": () => stopUnderLoad("SIGTERM"),
  "code 0 after SIGINT under load while Redis hangs": () =>
    stopUnderLoad("SIGINT", (rig) => rig.redis.toxic = toxics.hang()),
  "code 0 with event streams and requests that never come whole": stopWithOpenConnections,
  "code 1 and a line in the log when a request was cut": stopWhileAnswering,
};

Deno.test(
  "main.ts ends within 5 s of a signal without failing a request",
  { ...SIDE_BY_SIDE, timeout: 30_000 },
  async (t) => {
    await Promise.all(
      Object.entries(CASES).map(([name, fn]) => t.step({ name, fn, ...SIDE_BY_SIDE })),
    );
  },
);

async function stopUnderLoad(
  signal: Deno.Signal,
  harm: (rig: Rig) => unknown = () => {},
): Promise<void> {
  await using rig = await startProcessRig();
  await warmUp(rig);
  await harm(rig);
  const ends: Ends = { answered: 0, failed: [], dismissed: 0 };
  const clients = Array.from({ length: CLIENTS }, () => keepAsking(rig.url, ends));
  await eventually(() => ends.answered > 10 * CLIENTS);
  assertEquals(await stop(rig, signal), 0);
  await Promise.all(clients);
  assertEquals(ends.failed, []);
  assertEquals(ends.dismissed, CLIENTS);
}

async function stopWithOpenConnections(): Promise<void> {
  await using rig = await startProcessRig();
  await warmUp(rig);
  const streams = await Promise.all(
    Array.from({ length: CLIENTS }, () => fetch(`${rig.url}/events`)),
  );
  assertEquals(new Set(streams.map(({ status }) => status)), new Set([200]));
  await using halfHead = await RawConnection.open(rig.url);
  await halfHead.send("GET /is-bitcoin-lit HTTP/1.1\r\nhos");
  await using halfBody = await RawConnection.open(rig.url);
  await halfBody.send("POST /refresh HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc");
  assertEquals(await stop(rig, "SIGTERM"), 0);
  // A stream that was cut, not ended, would throw.
  for (const text of await Promise.all(streams.map((stream) => stream.text()))) {
    assertStringIncludes(text, "as_of");
  }
}

async function stopWhileAnswering(): Promise<void> {
  await using rig = await startProcessRig();
  await warmUp(rig);
  rig.feed.advance();
  // Every answer is in time; together they take longer than the shutdown may.
  rig.redis.toxic = toxics.latency(700);
  rig.feed.respond = () => delay(2_200).then(() => rig.feed.answer());
  const { requests } = rig.feed;
  const refreshing = refresh(rig.url).catch(() => "cut");
  await eventually(() => rig.feed.requests > requests);
  assertEquals(await stop(rig, "SIGTERM"), 1, rig.service.output());
  assertEquals(await refreshing, "cut");
  assertStringIncludes(rig.service.output(), '"message":"the shutdown took too long');
  assertStringIncludes(rig.service.output(), '"pending":1');
}

async function stop({ service }: ProcessRig, signal: Deno.Signal): Promise<number> {
  const start = performance.now();
  const code = await service.stop(signal);
  const ms = performance.now() - start;
  assert(ms < EXIT_MS, `it took ${ms} ms`);
  return code;
}
