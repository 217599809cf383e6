import { assertEquals } from "@std/assert";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { type Ends, keepAsking } from "../helpers/keep_alive_client.ts";
import * as toxics from "../helpers/toxics.ts";
import {
  PREFIX,
  refresh,
  startTestbed,
  type Testbed,
  type TestbedOptions,
  warmUp,
} from "./testbed.ts";

const CLIENTS = 32;
const FEED_GRACE_MS = 300;
const TIME_LIMIT = { timeout: 60_000 };

// A connection of ioredis that is lost leaves timers behind.
const LEAVES_TIMERS = { ...TIME_LIMIT, sanitizeOps: false, sanitizeResources: false };

Deno.test.each([
  { state: "is away", disturb: (testbed: Testbed) => testbed.redis.down() },
  {
    state: "takes 100 ms",
    disturb: (testbed: Testbed) => testbed.redis.toxic = toxics.latency(100),
  },
])("Service.stop() fails no request while Redis $state", LEAVES_TIMERS, async ({ disturb }) => {
  await using testbed = await startWarmTestbed();
  await disturb(testbed);
  const ends: Ends = { answered: 0, failed: [], dismissed: 0 };
  const clients = Array.from({ length: CLIENTS }, () => keepAsking(testbed.url, ends));
  await eventually(() => ends.answered > 10 * CLIENTS);
  await testbed.stop();
  await Promise.all(clients);
  assertEquals([ends.failed, ends.dismissed], [[], CLIENTS]);
});

Deno.test("Service.stop() finishes a pending cache write", TIME_LIMIT, async () => {
  await using testbed = await startWarmTestbed();
  using redis = await RespClient.connect(testbed.store.port);
  await redis.call("DEL", `${PREFIX}:cache`);
  testbed.redis.toxic = toxics.latency(100);
  testbed.feed.advance();
  assertEquals((await refresh(testbed.url)).status, 200);
  await testbed.stop();
  assertEquals(await redis.call("EXISTS", `${PREFIX}:cache`), ":1\r\n");
});

Deno.test(
  "Service.stop() ends a refresh that waits for the feed",
  TIME_LIMIT,
  async () => {
    await using testbed = await startWarmTestbed({ feedGraceMs: FEED_GRACE_MS });
    testbed.feedLink.toxic = toxics.hang();
    const { requests } = testbed.feed;
    const refreshing = refresh(testbed.url);
    await eventually(() => testbed.feed.requests > requests);
    await testbed.stop();
    assertEquals((await refreshing).status, 502);
  },
);

Deno.test("Service.stop() lets a tick finish", TIME_LIMIT, async () => {
  await using testbed = await startWarmTestbed();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  testbed.feed.advance();
  testbed.feed.respond = () => answered.then(() => testbed.feed.answer());
  const { requests } = testbed.feed;
  testbed.service.tick();
  await eventually(() => testbed.feed.requests > requests);
  const stopping = testbed.stop();
  answer();
  await stopping;
  assertEquals(reports(testbed).at(-1)?.stored, 2);
  assertEquals(await isClaimed(testbed), false);
});

Deno.test("Service.stop() ends a tick that waits for the feed", TIME_LIMIT, async () => {
  await using testbed = await startWarmTestbed({ feedGraceMs: FEED_GRACE_MS });
  testbed.feedLink.toxic = toxics.hang();
  const { requests } = testbed.feed;
  const tick = testbed.service.tick();
  await eventually(() => testbed.feed.requests > requests);
  await testbed.stop();
  await tick;
  const ended = testbed.service.log.lines.filter(({ message }) => message === "refresh failed");
  assertEquals(ended.length, 1);
  assertEquals(await isClaimed(testbed), false);
});

async function startWarmTestbed(options: TestbedOptions = {}) {
  const testbed = await startTestbed(options);
  await warmUp(testbed);
  return testbed;
}

function reports({ service }: Awaited<ReturnType<typeof startTestbed>>) {
  return service.log.lines.filter(({ message }) => message === "refreshed")
    .map(({ fields }) => fields);
}

/** Whether a refresh that nothing runs keeps the other instances from theirs. */
async function isClaimed({ store }: Testbed): Promise<boolean> {
  using redis = await RespClient.connect(store.port);
  return await redis.call("EXISTS", `${PREFIX}:claim:refresh`) === ":1\r\n";
}
