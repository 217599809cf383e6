import { assertEquals } from "@std/assert";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { type Ends, keepAsking } from "../helpers/keep_alive_client.ts";
import * as toxics from "../helpers/toxics.ts";
import { PREFIX, refresh, type Rig, type RigOptions, startRig, warmUp } from "./rig.ts";

const CLIENTS = 32;
const FEED_GRACE_MS = 300;
const TIME_LIMIT = { timeout: 10_000 };

// A connection of ioredis that is lost leaves timers behind.
const LEAVES_TIMERS = { ...TIME_LIMIT, sanitizeOps: false, sanitizeResources: false };

Deno.test.each([
  { state: "is away", harm: (rig: Rig) => rig.redis.down() },
  { state: "takes 100 ms", harm: (rig: Rig) => rig.redis.toxic = toxics.latency(100) },
])("Service.stop() fails no request while Redis $state", LEAVES_TIMERS, async ({ harm }) => {
  await using rig = await startWarmRig();
  await harm(rig);
  const ends: Ends = { answered: 0, failed: [], dismissed: 0 };
  const clients = Array.from({ length: CLIENTS }, () => keepAsking(rig.url, ends));
  await eventually(() => ends.answered > 10 * CLIENTS);
  await rig.stop();
  await Promise.all(clients);
  assertEquals([ends.failed, ends.dismissed], [[], CLIENTS]);
});

Deno.test("Service.stop() finishes a pending cache write", TIME_LIMIT, async () => {
  await using rig = await startWarmRig();
  using redis = await RespClient.connect(rig.store.port);
  await redis.call("DEL", `${PREFIX}:cache`);
  rig.redis.toxic = toxics.latency(100);
  rig.feed.advance();
  assertEquals((await refresh(rig.url)).status, 200);
  await rig.stop();
  assertEquals(await redis.call("EXISTS", `${PREFIX}:cache`), ":1\r\n");
});

Deno.test(
  "Service.stop() ends a refresh that waits for the feed",
  TIME_LIMIT,
  async () => {
    await using rig = await startWarmRig({ feedGraceMs: FEED_GRACE_MS });
    rig.feedLink.toxic = toxics.hang();
    const { requests } = rig.feed;
    const refreshing = refresh(rig.url);
    await eventually(() => rig.feed.requests > requests);
    await rig.stop();
    assertEquals((await refreshing).status, 502);
  },
);

Deno.test("Service.stop() lets a tick finish", TIME_LIMIT, async () => {
  await using rig = await startWarmRig();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  rig.feed.advance();
  rig.feed.respond = () => answered.then(() => rig.feed.answer());
  const { requests } = rig.feed;
  rig.service.tick();
  await eventually(() => rig.feed.requests > requests);
  const stopping = rig.stop();
  answer();
  await stopping;
  assertEquals(reports(rig).at(-1)?.stored, 2);
  assertEquals(await isClaimed(rig), false);
});

Deno.test("Service.stop() ends a tick that waits for the feed", TIME_LIMIT, async () => {
  await using rig = await startWarmRig({ feedGraceMs: FEED_GRACE_MS });
  rig.feedLink.toxic = toxics.hang();
  const { requests } = rig.feed;
  const tick = rig.service.tick();
  await eventually(() => rig.feed.requests > requests);
  await rig.stop();
  await tick;
  const ended = rig.service.log.lines.filter(({ message }) => message === "refresh failed");
  assertEquals(ended.length, 1);
  assertEquals(await isClaimed(rig), false);
});

async function startWarmRig(options: RigOptions = {}) {
  const rig = await startRig(options);
  await warmUp(rig);
  return rig;
}

function reports({ service }: Awaited<ReturnType<typeof startRig>>) {
  return service.log.lines.filter(({ message }) => message === "refreshed")
    .map(({ fields }) => fields);
}

/** Whether a refresh that nothing runs keeps the other instances from theirs. */
async function isClaimed({ store }: Rig): Promise<boolean> {
  using redis = await RespClient.connect(store.port);
  return await redis.call("EXISTS", `${PREFIX}:claim:refresh`) === ":1\r\n";
}
