import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { Background } from "../../src/http/background.ts";
import { Summaries } from "../../src/summary/summaries.ts";
import { createTestClock } from "../helpers/clock.ts";
import { keepLog } from "../helpers/log.ts";
import { NOW, risingAt } from "../helpers/samples.ts";
import type { RevisedSummary } from "../../src/summary/wire.ts";

const LIMIT = { timeout: 60_000 };
const MINUTE_MS = 60_000;

function summaryItself(summary: RevisedSummary): RevisedSummary {
  return summary;
}

/** Summaries whose loads the test ends one by one. */
function setUp() {
  const clock = createTestClock();
  const log = keepLog();
  const background = new Background(log);
  const loads: PromiseWithResolvers<RevisedSummary>[] = [];
  const written: RevisedSummary[] = [];
  const announced: RevisedSummary[] = [];
  const changes: (number | "reset")[] = [];
  const summaries = new Summaries({
    load() {
      const load = Promise.withResolvers<RevisedSummary>();
      loads.push(load);
      return load.promise;
    },
    cache: { write: (summary) => Promise.resolve(void written.push(summary)) },
    announce: (summary) => Promise.resolve(void announced.push(summary)),
    background,
    clock,
    forwardNow: clock.now.bind(clock),
    log,
  });
  summaries.listen({
    onChange: ({ revision }) => changes.push(revision),
    onReset: () => changes.push("reset"),
  });
  return { summaries, clock, loads, written, announced, changes, background, log };
}

type Rig = ReturnType<typeof setUp>;

/** Ends a load, and waits until it is used. */
async function finish({ loads, summaries }: Rig, load: number, summary: RevisedSummary) {
  loads[load]?.resolve(summary);
  await loads[load]?.promise;
  // The load's own steps follow in this turn of the event loop.
  await new Promise((resolve) => setTimeout(resolve));
  return summaries.kept;
}

async function fail({ loads }: Rig, load: number) {
  loads[load]?.reject(new StoreError("away"));
  await new Promise((resolve) => setTimeout(resolve));
}

Deno.test("Summaries.receive() reaches every listener, though one fails", LIMIT, () => {
  const { summaries, changes, log } = setUp();
  const fail = () => {
    throw new RangeError("out of nowhere");
  };
  summaries.listen({ onChange: fail, onReset: fail });
  summaries.listen({ onChange: ({ revision }) => changes.push(revision) });
  summaries.receive(risingAt(1));
  assertEquals(changes, [1, 1]);
  assertEquals(log.lines.map(({ message }) => message), ["an observer failed"]);
});

Deno.test("Summaries.read() loads once for all who wait", LIMIT, async () => {
  const { summaries, loads } = setUp();
  const waiting = Array.from({ length: 1_000 }, () => summaries.read(summaryItself));
  const summary = risingAt(1);
  loads[0]?.resolve(summary);
  assertEquals(new Set(await Promise.all(waiting)), new Set([summary]));
  assertEquals([loads.length, summaries.hits], [1, 0]);
});

Deno.test("Summaries.read() returns a fresh summary at once, without a load", LIMIT, () => {
  const { summaries, loads, clock } = setUp();
  const summary = risingAt(1);
  summaries.receive(summary);
  clock.advance(1_000);
  assertStrictEquals(summaries.read(summaryItself), summary);
  assertEquals([loads.length, summaries.hits], [0, 1]);
});

Deno.test("Summaries.read() renews an older summary in the background, once", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, loads, clock } = testbed;
  const old = risingAt(1);
  summaries.receive(old);
  clock.advance(1_001);
  assertEquals([summaries.read(summaryItself), summaries.read(summaryItself), loads.length], [
    old,
    old,
    1,
  ]);
  const renewed = risingAt(2);
  await finish(testbed, 0, renewed);
  assertStrictEquals(summaries.read(summaryItself), renewed);
});

Deno.test("Summaries.read() returns nothing that was not compared for 4 s", LIMIT, async () => {
  const { summaries, loads, clock } = setUp();
  summaries.receive(risingAt(1));
  clock.advance(4_000);
  assertEquals(summaries.read(summaryItself), risingAt(1));
  loads[0]?.reject(new StoreError("away"));
  await new Promise((resolve) => setTimeout(resolve));

  summaries.receive(risingAt(2));
  clock.advance(4_001);
  const waiting = summaries.read(summaryItself);
  loads[1]?.resolve(risingAt(3));
  assertEquals(await waiting, risingAt(3));
});

Deno.test("Summaries.read() tries again after a failed load", LIMIT, async () => {
  const { summaries, loads } = setUp();
  const first = assertRejects(async () => await summaries.read(summaryItself), StoreError, "away");
  loads[0]?.reject(new StoreError("away"));
  await first;
  const second = summaries.read(summaryItself);
  loads[1]?.resolve(risingAt(1));
  assertEquals(await second, risingAt(1));
});

Deno.test("Summaries.read() returns the kept summary for an hour of failures", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, loads, clock } = testbed;
  summaries.receive(risingAt(1));
  clock.advance(6_000);
  const waiting = summaries.read(summaryItself);
  loads[0]?.reject(new StoreError("away"));
  assertEquals(await waiting, risingAt(1));

  // One try a second, and no reader waits for it.
  clock.advance(1_000);
  assertEquals([summaries.read(summaryItself), loads.length], [risingAt(1), 1]);
  clock.advance(1);
  assertEquals([summaries.read(summaryItself), loads.length], [risingAt(1), 2]);
  await fail(testbed, 1);

  clock.advance(3_600_000 - 7_001);
  const last = summaries.read(summaryItself);
  await fail(testbed, 2);
  assertEquals(await last, risingAt(1));
  clock.advance(1);
  const tooOld = assertRejects(async () => await summaries.read(summaryItself), StoreError, "away");
  loads[3]?.reject(new StoreError("away"));
  await tooOld;
});

Deno.test("Summaries.read() waits again once loads succeed", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, loads, clock } = testbed;
  summaries.receive(risingAt(1));
  clock.advance(6_000);
  const failing = summaries.read(summaryItself);
  loads[0]?.reject(new StoreError("away"));
  await failing;
  clock.advance(2_000);
  summaries.read(summaryItself);
  await finish(testbed, 1, risingAt(2));
  clock.advance(6_000);
  const waiting = summaries.read(summaryItself);
  loads[2]?.resolve(risingAt(3));
  assertEquals(await waiting, risingAt(3));
});

Deno.test("Summaries.read() waits again when no load failed for 4 s", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, loads, clock } = testbed;
  summaries.receive(risingAt(1));
  clock.advance(6_000);
  const failing = summaries.read(summaryItself);
  loads[0]?.reject(new StoreError("away"));
  await failing;
  clock.advance(4_001);
  const waiting = summaries.read(summaryItself);
  loads[1]?.resolve(risingAt(2));
  assertEquals(await waiting, risingAt(2));
});

Deno.test("Summaries.renew() keeps the same object while nothing changed", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, clock, changes } = testbed;
  const first = risingAt(1);
  summaries.receive(first);
  clock.advance(1_001);
  summaries.read(summaryItself);
  assertStrictEquals(await finish(testbed, 0, risingAt(1)), first);
  clock.advance(1_000);
  assertStrictEquals(summaries.read(summaryItself), first);
  assertEquals([testbed.loads.length, changes], [1, [1]]);
});

Deno.test("Summaries.publish() keeps, caches and announces", LIMIT, async () => {
  const { summaries, background, written, announced, changes } = setUp();
  summaries.publish(risingAt(1));
  assertEquals(summaries.read(summaryItself), risingAt(1));
  await background.drain();
  assertEquals([written, announced, changes], [[risingAt(1)], [risingAt(1)], [1]]);
});

Deno.test("Summaries.publish() announces though the cache cannot be written", LIMIT, async () => {
  const announced: number[] = [];
  const clock = createTestClock();
  const log = keepLog();
  const background = new Background(log);
  const summaries = new Summaries({
    load: () => Promise.reject(new StoreError("away")),
    cache: { write: () => Promise.reject(new StoreError("full")) },
    announce: ({ revision }) => Promise.resolve(void announced.push(revision)),
    background,
    clock,
    forwardNow: clock.now.bind(clock),
    log,
  });
  summaries.publish(risingAt(1));
  await background.drain();
  assertEquals([announced, summaries.kept], [[1], risingAt(1)]);
});

Deno.test.each([
  { behaviour: "accepts a higher revision", revision: 3, kept: 3 },
  { behaviour: "ignores the same revision", revision: 2, kept: 2 },
  { behaviour: "ignores a lower revision", revision: 1, kept: 2 },
])("Summaries.receive() $behaviour", LIMIT, ({ revision, kept }) => {
  const { summaries, changes } = setUp();
  summaries.receive(risingAt(2));
  summaries.receive(risingAt(revision));
  assertEquals(summaries.kept?.revision, kept);
  assertEquals(changes, kept === 2 ? [2] : [2, kept]);
});

Deno.test(
  "Summaries.receive() does not trust as_of 5 minutes ahead, but loads",
  LIMIT,
  async () => {
    const testbed = setUp();
    const { summaries, loads, background, log } = testbed;
    const ahead = (ms: number) => ({ ...risingAt(2), as_of: new Date(NOW + ms).toISOString() });
    summaries.receive(ahead(5 * MINUTE_MS));
    assertEquals([summaries.kept?.revision, loads.length], [2, 0]);
    summaries.receive({ ...ahead(5 * MINUTE_MS + 1), revision: 3 });
    assertEquals([summaries.kept?.revision, loads.length], [2, 1]);
    loads[0]?.resolve(risingAt(4));
    await background.drain();
    assertEquals([summaries.kept?.revision, log.lines.length], [4, 1]);
  },
);

Deno.test("Summaries never goes back with a load that began earlier", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, changes } = testbed;
  const waiting = summaries.read(summaryItself);
  summaries.receive(risingAt(2));
  assertEquals((await finish(testbed, 0, risingAt(1)))?.revision, 2);
  // Even the reader that waited for that load gets the newer one.
  assertEquals(await waiting, risingAt(2));
  assertEquals(changes, [2]);
});

Deno.test("Summaries accepts a load that began earlier if it is newer", LIMIT, async () => {
  const testbed = setUp();
  testbed.summaries.read(summaryItself);
  testbed.summaries.receive(risingAt(2));
  assertEquals((await finish(testbed, 0, risingAt(3)))?.revision, 3);
  assertEquals(testbed.changes, [2, 3]);
});

Deno.test("Summaries starts a new load after a newer summary arrived", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, loads, clock } = testbed;
  summaries.read(summaryItself);
  summaries.receive(risingAt(2));
  clock.advance(5_000);
  const waiting = summaries.read(summaryItself);
  assertEquals(loads.length, 2);
  await finish(testbed, 0, risingAt(1));
  loads[1]?.resolve(risingAt(3));
  assertEquals(await waiting, risingAt(3));
});

Deno.test("Summaries goes back with a load that began later, and says so", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, clock, changes } = testbed;
  summaries.receive(risingAt(5));
  clock.advance(1_001);
  summaries.read(summaryItself);
  assertEquals((await finish(testbed, 0, risingAt(3)))?.revision, 3);
  assertEquals(changes, [5, "reset", 3]);
});

Deno.test("Summaries takes other content of the same revision as gone back", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, clock, changes } = testbed;
  summaries.receive(risingAt(5));
  clock.advance(1_001);
  summaries.read(summaryItself);
  const other = { ...risingAt(5), as_of: "2021-07-07T12:00:00.000Z" };
  assertStrictEquals(await finish(testbed, 0, other), other);
  assertEquals(changes, [5, "reset", 5]);
});

Deno.test("Summaries ignores the failure of a load that began earlier", LIMIT, async () => {
  const testbed = setUp();
  const { summaries, loads, clock } = testbed;
  const waiting = assertRejects(async () => await summaries.read(summaryItself), StoreError);
  summaries.receive(risingAt(2));
  await fail(testbed, 0);
  await waiting;
  clock.advance(1_001);
  summaries.read(summaryItself);
  assertEquals(loads.length, 2);
});

Deno.test(
  "Summaries.renew() keeps what is the same, whatever the order of its fields",
  LIMIT,
  async () => {
    const rig = setUp();
    rig.summaries.receive(risingAt(1));
    const { kept } = rig.summaries;
    const renewing = rig.summaries.renew();
    const { revision, ...rest } = risingAt(1);
    assertStrictEquals(await finish(rig, 0, { ...rest, revision }), kept);
    assertStrictEquals(await renewing, kept);
    assertEquals(rig.changes, [1]);
  },
);
