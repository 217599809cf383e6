import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { BusyError } from "../../src/http/problem.ts";
import { NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import { type Average, HOUR_MS } from "../../src/samples/bucket.ts";
import type { PerMetric } from "../../src/samples/sample.ts";
import { computeTrackRecord } from "../../src/track_record/track_record.ts";
import { Background } from "../../src/http/background.ts";
import { TrackRecordReader, type TrackRecordReaderOptions } from "../../src/track_record/reader.ts";
import { averagesFrom } from "../helpers/hourly.ts";
import { keepLog } from "../helpers/log.ts";
import { pairAt } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const NOON = Date.UTC(2021, 6, 7, 12);
const EMPTY = averagesFrom(NOON, { price: [], sentiment: [] });

/** Two hours of data: only tells records of one read from those of another. */
const TWO_HOURS = averagesFrom(NOON - 2 * HOUR_MS, { price: [1, 2], sentiment: [1, 2] });

/** A reader whose reads the test ends one by one, and whose clock and `as_of` it sets. */
function setUp(options: Partial<TrackRecordReaderOptions> = {}) {
  const reads: PromiseWithResolvers<PerMetric<Average[]>>[] = [];
  const state = { asOf: NOON + 20 * MINUTE_MS, now: 0, from: 0 };
  const log = keepLog();
  const background = new Background(log);
  const reader = new TrackRecordReader({
    series: {
      averages(from) {
        state.from = from;
        reads.push(Promise.withResolvers());
        return reads.at(-1)?.promise ?? Promise.reject();
      },
    },
    asOf: () => state.asOf,
    feed: "test",
    retentionMs: 365 * DAY_MS,
    background,
    clock: { now: () => NOON, elapsed: () => state.now },
    pause: () => Promise.resolve(),
    ...options,
  });
  /** Ends the newest read, and waits until the reader has seen it. */
  async function endRead(result: PerMetric<Average[]> | Error): Promise<void> {
    const read = reads.at(-1);
    if (result instanceof Error) read?.reject(result);
    else read?.resolve(result);
    await background.drain();
  }
  /** Ends the first read, for the default record. */
  async function fill(): Promise<void> {
    const waiting = reader.get(30);
    await Promise.resolve();
    await endRead(EMPTY);
    await waiting;
  }
  return { reader, reads, state, log, endRead, fill };
}

Deno.test("TrackRecordReader.get() computes from the hours of the series", LIMIT, async () => {
  await using store = await createTestStore();
  const { series, writer } = store;
  const hours = Array.from({ length: 30 }, (_, hour) => hour);
  await writer.add(
    hours.flatMap((hour) => pairAt(NOON - hour * HOUR_MS + 1, 34_500 - hour, (50 - hour) / 100)),
  );
  const { reader } = setUp({ series });
  const asOf = NOON + 20 * MINUTE_MS;
  const averages = await series.averages(0, HOUR_MS);
  const { record } = computeTrackRecord(averages, { feed: "test", days: 2, asOf });
  assertEquals(await reader.get(2), record);
  assertEquals((await reader.get(2)).lit_hours, 28);
});

Deno.test("TrackRecordReader.get() reads once, for all readers and periods", LIMIT, async () => {
  const { reader, reads, state, endRead } = setUp();
  const waiting = [1, 30, 30, 365].map((days) => reader.get(days));
  await Promise.resolve();
  await endRead(EMPTY);
  const records = await Promise.all(waiting);
  assertEquals(records.map(({ hours }) => hours), [24, 720, 720, 8_760]);
  assertEquals(state.from, NOON - 365 * DAY_MS - 4 * HOUR_MS);
  assertEquals(reads.length, 1);
  assertStrictEquals(reader.get(30), records[1]);
});

Deno.test("TrackRecordReader.get() keeps the eight periods used last", LIMIT, async () => {
  const { reader, fill } = setUp();
  await fill();
  const records = await Promise.all([2, 3, 4, 5, 6, 7, 8].map((days) => reader.get(days)));
  const first = reader.get(30);
  await reader.get(9);
  assertStrictEquals(reader.get(30), first);
  assertStrictEquals(reader.get(8), records.at(-1));
  assertEquals(await reader.get(2) === records[0], false);
});

Deno.test("TrackRecordReader.get() reads again 15 minutes after an hour's end", LIMIT, async () => {
  const { reader, reads, state, endRead, fill } = setUp();
  await fill();
  state.asOf = NOON + HOUR_MS + 15 * MINUTE_MS - 1;
  const old = reader.get(30);
  await Promise.resolve();
  assertEquals(reads.length, 1);
  state.asOf += 1;
  // The old record is used while one read renews it.
  assertStrictEquals(reader.get(30), old);
  assertStrictEquals(reader.get(30), old);
  await Promise.resolve();
  assertEquals(reads.length, 2);
  await endRead(EMPTY);
  assertEquals((await reader.get(30)).to, new Date(NOON + HOUR_MS).toISOString());
  assertEquals(reads.length, 2);
});

Deno.test("TrackRecordReader.get() reads an hour again that had not settled", LIMIT, async () => {
  const { reader, reads, state, fill } = setUp();
  state.asOf = NOON + 5 * MINUTE_MS;
  await fill();
  assertEquals((await reader.get(1)).to, new Date(NOON).toISOString());
  state.asOf = NOON + 15 * MINUTE_MS;
  reader.get(1);
  await Promise.resolve();
  assertEquals(reads.length, 2);
});

Deno.test("TrackRecordReader.get() waits for averages that lag two hours", LIMIT, async () => {
  const { reader, state, endRead, fill } = setUp();
  await fill();
  state.asOf += 2 * HOUR_MS;
  const waiting = reader.get(1);
  await Promise.resolve();
  await endRead(TWO_HOURS);
  assertEquals((await waiting).to, new Date(NOON + 2 * HOUR_MS).toISOString());
});

Deno.test("TrackRecordReader.get() tries a failed read once a second", LIMIT, async () => {
  const { reader, reads, state, log, endRead, fill } = setUp();
  await fill();
  state.asOf += HOUR_MS;
  const old = reader.get(30);
  assertStrictEquals(reader.get(30), old);
  await Promise.resolve();
  const error = new StoreError("away");
  await endRead(error);
  assertEquals(log.lines.map(({ fields }) => fields), [{ task: "read the track record", error }]);
  state.now = 999;
  assertStrictEquals(reader.get(30), old);
  await Promise.resolve();
  assertEquals(reads.length, 2);
  state.now = 1_000;
  assertStrictEquals(reader.get(30), old);
  await Promise.resolve();
  assertEquals(reads.length, 3);
});

Deno.test("TrackRecordReader.get() forgets a failed first read", LIMIT, async () => {
  const { reader, endRead } = setUp();
  const failing = assertRejects(async () => await reader.get(1), StoreError, "away");
  await Promise.resolve();
  await endRead(new StoreError("away"));
  await failing;
  const waiting = reader.get(1);
  await Promise.resolve();
  await endRead(EMPTY);
  assertEquals((await waiting).hours, 24);
});

Deno.test("TrackRecordReader.get() limits the wait for the store", LIMIT, async () => {
  const { reader, endRead } = setUp({ deadlineMs: 1 });
  await assertRejects(async () => await reader.get(1), StoreError, "took too long");
  await endRead(EMPTY);
});

Deno.test("TrackRecordReader.get() fails like the summary does", LIMIT, async () => {
  const { reader } = setUp({ asOf: () => Promise.reject(new NoDataError("no data")) });
  await assertRejects(async () => await reader.get(1), NoDataError, "no data");
});

Deno.test("TrackRecordReader.get() drops its averages when as_of went back", LIMIT, async () => {
  const { reader, state, endRead, fill } = setUp();
  await fill();
  state.asOf -= HOUR_MS;
  const waiting = reader.get(1);
  await Promise.resolve();
  await endRead(EMPTY);
  assertEquals((await waiting).to, new Date(NOON - HOUR_MS).toISOString());
});

Deno.test("TrackRecordReader.get() computes one record at a time, in pieces", LIMIT, async () => {
  const pauses = { now: 0, most: 0, all: 0 };
  const { reader, fill } = setUp({
    async pause() {
      pauses.all++;
      pauses.most = Math.max(pauses.most, ++pauses.now);
      await new Promise((resolve) => setTimeout(resolve));
      pauses.now--;
    },
  });
  await fill();
  const records = await Promise.all([2, 3, 4].map((days) => reader.get(days)));
  assertEquals(records.map(({ hours }) => hours), [48, 72, 96]);
  assertEquals(pauses, { now: 0, most: 1, all: 3 * 8 });
});

Deno.test("TrackRecordReader.get() lets eight wait, but never the default", LIMIT, async () => {
  const held = Promise.withResolvers<void>();
  const { reader, fill } = setUp({ pause: () => held.promise });
  await fill();
  const waiting = Array.from({ length: 9 }, (_, i) => reader.get(i + 1));
  assertThrows(() => reader.get(10), BusyError, "8 track records wait");
  // One that waits already costs nothing more.
  const shared = reader.get(9);
  assertEquals((await reader.get(30)).hours, 720);
  held.resolve();
  assertEquals((await Promise.all(waiting)).map(({ hours }) => hours / 24), [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
  ]);
  assertStrictEquals(await shared, await waiting[8]);
  assertEquals((await reader.get(10)).hours, 240);
});

Deno.test("TrackRecordReader.get() lets fees wait as it does days", LIMIT, async () => {
  const held = Promise.withResolvers<void>();
  const { reader, fill } = setUp({ pause: () => held.promise });
  await fill();
  const fees = Array.from({ length: 9 }, (_, i) => i / 2);
  const waiting = fees.map((fee) => reader.get(2, fee));
  assertThrows(() => reader.get(2, 5), BusyError, "8 track records wait");
  const shared = reader.get(2, 4);
  // The default days cost next to nothing.
  assertEquals((await reader.get(30, 5)).hours, 720);
  held.resolve();
  assertEquals((await Promise.all(waiting)).map(({ hours }) => hours), fees.map(() => 48));
  assertStrictEquals(await shared, await waiting[8]);
  assertEquals((await reader.get(2, 5)).hours, 48);
});

Deno.test("TrackRecordReader.get() goes on after a computation that failed", LIMIT, async () => {
  let failure: Error | undefined = new RangeError("unforeseen");
  const { reader, fill } = setUp({
    pause: () => failure ? Promise.reject(failure) : Promise.resolve(),
  });
  await fill();
  await assertRejects(async () => await reader.get(2), RangeError, "unforeseen");
  failure = undefined;
  assertEquals((await reader.get(2)).hours, 48);
});

Deno.test("TrackRecordReader.invalidate() drops what is kept", LIMIT, async () => {
  const { reader, endRead, fill } = setUp();
  await fill();
  reader.invalidate();
  const waiting = reader.get(1);
  await Promise.resolve();
  await endRead(TWO_HOURS);
  assertEquals((await waiting).known_hours, 1);
});

Deno.test(
  "TrackRecordReader.invalidate() repeats a read under way, after its end",
  LIMIT,
  async () => {
    const { reader, reads, endRead } = setUp();
    const before = reader.get(1);
    await Promise.resolve();
    reader.invalidate();
    const after = reader.get(1);
    await Promise.resolve();
    assertEquals(reads.length, 1);
    await endRead(EMPTY);
    while (reads.length === 1) await Promise.resolve();
    await endRead(TWO_HOURS);
    assertEquals((await Promise.all([before, after])).map((record) => record.known_hours), [1, 1]);
    assertEquals(reads.length, 2);
  },
);
