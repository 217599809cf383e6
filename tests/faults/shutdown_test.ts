import { assert, assertEquals } from "@std/assert";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { type Ends, keepAsking } from "../helpers/keep_alive_client.ts";
import * as toxics from "../helpers/toxics.ts";
import { refresh, type Rig, startRig, warmUp } from "./rig.ts";

const CLIENTS = 32;
const EXIT_MS = 5_000;

const SIDE_BY_SIDE = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };

const CASES: Record<string, () => Promise<void>> = {
  "SIGTERM under load": () => stopUnderLoad("SIGTERM"),
  "SIGINT under load": () => stopUnderLoad("SIGINT"),
  "SIGTERM under load while Redis hangs": () =>
    stopUnderLoad("SIGTERM", (rig) => rig.redis.toxic = toxics.hang()),
  "SIGTERM under load while Redis refuses": () =>
    stopUnderLoad("SIGTERM", (rig) => rig.redis.down()),
  "SIGTERM while a refresh waits for the feed": stopWhileFeedHangs,
  "SIGTERM while a cache write is pending": stopWhileCaching,
  "SIGTERM with open event streams": stopWithStreams,
};

Deno.test("the service stops without failing a request, with code 0 within 5 s", async (t) => {
  await Promise.all(
    Object.entries(CASES).map(([name, fn]) => t.step({ name, fn, ...SIDE_BY_SIDE })),
  );
});

async function stopUnderLoad(
  signal: Deno.Signal,
  harm: (rig: Rig) => unknown = () => {},
): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  await harm(rig);
  const ends: Ends = { answered: 0, failed: [], dismissed: 0 };
  const clients = Array.from({ length: CLIENTS }, () => keepAsking(rig.url, ends));
  await eventually(() => ends.answered > 10 * CLIENTS);
  await assertStops(rig, signal);
  await Promise.all(clients);
  assertEquals(ends.failed, []);
  assertEquals(ends.dismissed, CLIENTS);
}

async function stopWhileFeedHangs(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  rig.feedLink.toxic = toxics.hang();
  const { requests } = rig.feed;
  const refreshing = refresh(rig.url);
  await eventually(() => rig.feed.requests > requests);
  await assertStops(rig, "SIGTERM");
  assertEquals((await refreshing).status, 502);
}

async function stopWhileCaching(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  using redis = await RespClient.connect(rig.store.port);
  await redis.call("DEL", "is-bitcoin-lit:cache");
  rig.redis.toxic = toxics.latency(200);
  assertEquals((await refresh(rig.url)).status, 200);
  await assertStops(rig, "SIGTERM");
  assertEquals(await redis.call("EXISTS", "is-bitcoin-lit:cache"), ":1\r\n");
}

async function stopWithStreams(): Promise<void> {
  await using rig = await startRig();
  await warmUp(rig);
  const streams = await Promise.all(
    Array.from({ length: CLIENTS }, () => fetch(`${rig.url}/events`)),
  );
  assertEquals(new Set(streams.map(({ status }) => status)), new Set([200]));
  await assertStops(rig, "SIGTERM");
  // A stream that was cut off, not ended, would throw.
  for (const text of await Promise.all(streams.map((stream) => stream.text()))) {
    assert(text.includes("as_of"), text);
  }
}

async function assertStops({ service }: Rig, signal: Deno.Signal): Promise<void> {
  const start = performance.now();
  assertEquals(await service.stop(signal), 0);
  const ms = performance.now() - start;
  assert(ms < EXIT_MS, `it took ${ms} ms`);
}
