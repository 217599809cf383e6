import { assertEquals } from "@std/assert";
import { eventually } from "../helpers/eventually.ts";
import { NOW, risingAt } from "../helpers/samples.ts";
import { assertForward } from "./observer.ts";
import { startTestbed } from "./testbed.ts";

const LIMIT = { timeout: 60_000 };
const HOUR_MS = 3_600_000;

const PUBLISH = /^PUBLISH /;
const CACHE_WRITE = /^SET \S+:cache$/;
const AVERAGES = /^TS\.RANGE /;
const COMPARISON = /^MGET /;

Deno.test("an instance sends its readers what another one stored", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second } = testbed;
  testbed.advanceFeed();
  assertEquals((await first.refresh()).status, 200);
  await eventually(() => second.streamed.at(-1)?.samples === 2);
  await testbed.converge(2);
  assertForward(first, second);
});

Deno.test("a late PUBLISH and SET of one instance take no other back", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second, redis, keys } = testbed;
  const [publish, write] = [first.link.hold(PUBLISH), first.link.hold(CACHE_WRITE)];
  testbed.advanceFeed();
  await first.refresh();
  await Promise.all([publish.arrived, write.arrived]);
  testbed.advanceFeed();
  await second.refresh();
  await eventually(() => first.streamed.at(-1)?.samples === 3);
  publish.release();
  write.release();
  // The late summary is in the cache now; its revision says that it is old.
  await eventually(async () => (await redis.client.get(keys.cache))?.includes("12:29:02.000Z"));
  await testbed.converge(3);
  assertForward(first, second);
});

Deno.test("a lost PUBLISH and a failed cache write cost at most 5 s", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second } = testbed;
  first.link.refuse(PUBLISH);
  first.link.refuse(CACHE_WRITE);
  testbed.advanceFeed();
  assertEquals((await first.refresh()).status, 200);
  assertEquals((await second.readSummary()).samples, 1);
  await testbed.converge(2);
  assertForward(first, second);
});

Deno.test("a slow load is not used after a newer summary arrived", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second, redis, keys } = testbed;
  await redis.client.del(keys.cache);
  const averages = second.link.holdReplies(AVERAGES);
  second.clock.advance(1_500);
  await second.readSummary();
  await averages.arrived;
  testbed.advanceFeed();
  await first.refresh();
  await eventually(() => second.streamed.at(-1)?.samples === 2);
  averages.release();
  assertEquals((await second.readSummary()).samples, 2);
  await testbed.converge(2);
  assertForward(first, second);
});

Deno.test("a slow comparison is not used after a newer summary arrived", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second } = testbed;
  const comparison = second.link.holdReplies(COMPARISON);
  second.clock.advance(4_500);
  // This reader waits for the load, and then gets what is newer.
  const waiting = second.readSummary();
  await comparison.arrived;
  testbed.advanceFeed();
  await first.refresh();
  await eventually(() => second.streamed.at(-1)?.samples === 2);
  comparison.release();
  assertEquals((await waiting).samples, 2);
  assertForward(first, second);
});

Deno.test.each([
  { message: "no JSON", text: "lit!" },
  { message: "no summary", text: '{"revision":9007199254740991}' },
  {
    message: "an as_of far ahead",
    text: JSON.stringify({ ...risingAt(NOW + HOUR_MS), as_of: "2031-01-01T00:00:00.000Z" }),
  },
])("an announcement with $message is not believed", LIMIT, async ({ text }) => {
  await using testbed = await startTestbed();
  const { first, second, redis, keys } = testbed;
  await redis.client.publish(keys.updates, text);
  testbed.advanceFeed();
  await first.refresh();
  await eventually(() => second.streamed.at(-1)?.samples === 2);
  assertEquals(second.streamed.map(({ samples }) => samples), [1, 2]);
  await testbed.converge(2);
});

Deno.test("an announcement that is true but looks ahead triggers a load", LIMIT, async () => {
  await using testbed = await startTestbed({ skewsMs: [0, -600_000] });
  const { first, second } = testbed;
  testbed.advanceFeed();
  await first.refresh();
  await eventually(() => second.streamed.at(-1)?.samples === 2);
  const warnings = second.service.log.lines.filter(({ level }) => level === "warn");
  assertEquals(warnings.at(-1)?.message, "an announced summary lies in the future");
  await testbed.converge(2);
});

Deno.test("rows that a slow clock rejects are stored by another instance", LIMIT, async () => {
  await using testbed = await startTestbed({ skewsMs: [0, -600_000] });
  const { first, second } = testbed;
  testbed.advanceFeed();
  const { stored, rejected } = await (await second.refresh()).json();
  assertEquals([stored, rejected], [0, 4]);
  await first.refresh();
  await testbed.converge(2);
});

Deno.test("refreshes go on when the wall clock steps back an hour", LIMIT, async () => {
  await using testbed = await startTestbed({ skewsMs: [0, 0] });
  const { first, second } = testbed;
  first.clock.skewMs = -HOUR_MS;
  testbed.advanceFeed();
  const { stored, rejected } = await (await first.refresh()).json();
  assertEquals([stored, rejected], [2, 0]);
  await testbed.converge(2);
  assertForward(first, second);
});

Deno.test("a history fetched after an event has that event's data", LIMIT, async () => {
  await using testbed = await startTestbed();
  const { first, second } = testbed;
  assertEquals((await first.readHistory()).samples, 1);
  // This one begins before the event, and is still being read after it.
  const averages = second.link.holdReplies(AVERAGES);
  const early = second.readHistory();
  await averages.arrived;
  testbed.advanceFeed();
  await first.refresh();
  await eventually(() => second.streamed.at(-1)?.samples === 2);
  averages.release();
  assertEquals((await early).samples, 1);
  for (const instance of [first, second]) {
    assertEquals(await instance.readHistory(), instance.streamed.at(-1));
  }
});
