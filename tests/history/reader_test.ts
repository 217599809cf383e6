import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { BusyError, ProblemError } from "../../src/http/problem.ts";
import { StoreError } from "../../src/redis/command.ts";
import { NoDataError } from "../../src/summary/load.ts";
import type { PerMetric } from "../../src/samples/sample.ts";
import type { HistorySpan } from "../../src/history/history.ts";
import { HistoryReader, type HistoryReaderOptions, readHistory } from "../../src/history/reader.ts";
import { pairAt, risingAt } from "../helpers/samples.ts";
import { createTestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
const NOON = Date.UTC(2021, 6, 7, 12);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

function spanOf(hours: number) {
  return { hours, bucketMs: MINUTE_MS };
}

/** A reader of a series with one sample; the test sets the revision it knows. */
async function setUp() {
  const store = await createTestStore();
  await store.writer.add(pairAt(NOON));
  const known: { revision: number | undefined } = { revision: 1 };
  const series = {
    reads: 0,
    newest: () => store.series.newest(),
    averages(from: number, bucketMs: number, to?: number) {
      series.reads++;
      return store.series.averages(from, bucketMs, to);
    },
  };
  const { clock } = store;
  const histories = new HistoryReader({
    series,
    clock,
    summaries: summariesOf(known),
    retentionMs: DAY_MS,
  });
  return {
    clock,
    series,
    known,
    histories,
    store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
    },
  };
}

type Rig = Awaited<ReturnType<typeof setUp>>;

/** Summaries of which only the revision matters; without one, there is none yet. */
function summariesOf(known: { revision: number | undefined }): HistoryReaderOptions["summaries"] {
  return {
    kept: undefined,
    read(use) {
      if (known.revision === undefined) return Promise.reject(new NoDataError("none"));
      return use(risingAt(known.revision));
    },
  };
}

const NOTHING = { price: undefined, sentiment: undefined };

/** Lets reads wait until the test ends them. */
function holdReads(series: Rig["series"]) {
  const reads: PromiseWithResolvers<PerMetric<number | undefined>>[] = [];
  series.newest = () => {
    const read = Promise.withResolvers<PerMetric<number | undefined>>();
    reads.push(read);
    return read.promise;
  };
  return {
    reads,
    /** Waits until so many reads have begun. */
    async count(count: number): Promise<void> {
      while (reads.length < count) await Promise.resolve();
    },
  };
}

Deno.test(
  "readHistory() averages both metrics per bucket, null for a missing one",
  LIMIT,
  async () => {
    await using store = await createTestStore();
    await store.writer.add([
      ...pairAt(NOON + 1, 10, 0.5),
      ...pairAt(NOON + 2, 20, 0.5),
      ...pairAt(NOON + 10 * MINUTE_MS, 7, -0.25).slice(0, 1),
      ...pairAt(NOON + 20 * MINUTE_MS, 7, -0.25).slice(1),
    ]);
    assertEquals(
      await readHistory({ series: store.series, retentionMs: DAY_MS }, {
        hours: 1,
        bucketMs: 5 * MINUTE_MS,
      }),
      {
        bucket_seconds: 300,
        points: [
          { time: "2021-07-07T12:00:00.000Z", price: 15, sentiment: 0.5 },
          { time: "2021-07-07T12:10:00.000Z", price: 7, sentiment: null },
          { time: "2021-07-07T12:20:00.000Z", price: null, sentiment: -0.25 },
        ],
      },
    );
  },
);

Deno.test("readHistory() goes back from the newest sample, in whole buckets", LIMIT, async () => {
  await using store = await createTestStore();
  const minutes = Array.from({ length: 180 }, (_, minute) => minute);
  await store.writer.add(
    minutes.flatMap((minute) => pairAt(NOON + minute * MINUTE_MS, minute + 1)),
  );
  const { points } = await readHistory({ series: store.series, retentionMs: DAY_MS }, {
    hours: 1,
    bucketMs: 10 * MINUTE_MS,
  });
  const times = points.map(({ time }) => time.slice(11, 16));
  assertEquals(times, ["14:00", "14:10", "14:20", "14:30", "14:40", "14:50"]);
  assertEquals(points[0]?.price, (121 + 130) / 2);
  assertEquals(
    (await readHistory({ series: store.series, retentionMs: DAY_MS }, {
      hours: 1,
      bucketMs: 7 * MINUTE_MS,
    })).points.length,
    9,
  );
});

Deno.test("readHistory() is empty while there is no sample", LIMIT, async () => {
  await using store = await createTestStore();
  const history = await readHistory({ series: store.series, retentionMs: DAY_MS }, {
    hours: 24,
    bucketMs: MINUTE_MS,
  });
  assertEquals(history, { bucket_seconds: 60, points: [] });
});

/** A sample a minute for the hour before noon, read with a retention of a day. */
async function readLastHour(span: HistorySpan) {
  await using store = await createTestStore();
  const minutes = Array.from({ length: 60 }, (_, minute) => NOON - (60 - minute) * MINUTE_MS);
  await store.writer.add(minutes.flatMap((time) => pairAt(time)));
  const history = await readHistory({ series: store.series, retentionMs: DAY_MS }, span);
  return { ...history, times: history.points.map(({ time }) => time.slice(11, 16)) };
}

Deno.test("readHistory() widens two times to whole buckets", LIMIT, async () => {
  const [from, to] = [NOON - 44 * MINUTE_MS, NOON - 21 * MINUTE_MS];
  const { times } = await readLastHour({ from, to, bucketMs: 10 * MINUTE_MS });
  assertEquals(times, ["11:10", "11:20", "11:30"]);
  const exact = { from: NOON - 40 * MINUTE_MS, to: NOON - 20 * MINUTE_MS };
  assertEquals((await readLastHour({ ...exact, bucketMs: 10 * MINUTE_MS })).times, [
    "11:20",
    "11:30",
  ]);
});

Deno.test("readHistory() without an end goes on to the newest sample", LIMIT, async () => {
  const { times, bucket_seconds } = await readLastHour({
    from: NOON - 11 * MINUTE_MS,
    bucketMs: undefined,
  });
  assertEquals([bucket_seconds, times], [300, ["11:45", "11:50", "11:55"]]);
});

Deno.test("readHistory() without an end begins no earlier than the retention", LIMIT, async () => {
  const { times, bucket_seconds } = await readLastHour({ from: 0, bucketMs: undefined });
  assertEquals([bucket_seconds, times.length], [300, 12]);
});

Deno.test("readHistory() without an end has no points after the newest sample", LIMIT, async () => {
  const { points, bucket_seconds } = await readLastHour({ from: NOON, bucketMs: undefined });
  assertEquals([bucket_seconds, points], [300, []]);
});

Deno.test(
  "readHistory() without an end refuses a bucket that gives too many points",
  LIMIT,
  async () => {
    const from = NOON - 60 * MINUTE_MS;
    await assertRejects(
      () => readLastHour({ from, bucketMs: 1_000 }),
      ProblemError,
      'bucket must be at least 2s for this span, is "1s"',
    );
    assertEquals((await readLastHour({ from, bucketMs: 2_000 })).points.length, 60);
  },
);

Deno.test("HistoryReader.get() reads a span once per revision for all who ask", LIMIT, async () => {
  await using rig = await setUp();
  const { histories, series, known } = rig;
  const spans = [spanOf(1), spanOf(1), { hours: 1, bucketMs: 2 * MINUTE_MS }];
  const [first, second] = await Promise.all(spans.map((span) => histories.get(span)));
  assertStrictEquals(first, second);
  assertEquals([series.reads, first?.revision], [2, 1]);
  known.revision = 2;
  assertEquals((await histories.get(spanOf(1))).revision, 2);
  assertEquals(series.reads, 3);
});

Deno.test(
  "HistoryReader.get() does not use a read that began before the revision",
  LIMIT,
  async () => {
    await using rig = await setUp();
    const { histories, series, known } = rig;
    const held = holdReads(series);
    const before = histories.get(spanOf(1));
    await held.count(1);
    known.revision = 2;
    const after = histories.get(spanOf(1));
    await held.count(2);
    for (const read of held.reads) read.resolve({ price: NOON, sentiment: NOON });
    assertEquals([(await before).revision, (await after).revision], [1, 2]);
    assertEquals((await histories.get(spanOf(1))).revision, 2);
    assertEquals(held.reads.length, 2);
  },
);

Deno.test(
  "HistoryReader.get() keeps a history for a second while no revision is known",
  LIMIT,
  async () => {
    await using rig = await setUp();
    const { histories, series, known, clock } = rig;
    known.revision = undefined;
    await histories.get(spanOf(1));
    clock.advance(999);
    await histories.get(spanOf(1));
    assertEquals(series.reads, 1);
    clock.advance(1);
    await histories.get(spanOf(1));
    assertEquals(series.reads, 2);
  },
);

Deno.test("HistoryReader.get() forgets the span that was not used for longest", LIMIT, async () => {
  await using rig = await setUp();
  const { histories, series } = rig;
  for (let hours = 1; hours <= 32; hours++) await histories.get(spanOf(hours));
  await histories.get(spanOf(1));
  await histories.get(spanOf(33));
  assertEquals(series.reads, 33);
  await histories.get(spanOf(1));
  assertEquals(series.reads, 33);
  await histories.get(spanOf(2));
  assertEquals(series.reads, 34);
});

Deno.test("HistoryReader.get() reads eight at once, and refuses more", LIMIT, async () => {
  await using rig = await setUp();
  const { histories, series } = rig;
  const held = holdReads(series);
  const reading = Array.from({ length: 8 }, (_, i) => histories.get(spanOf(i + 1)));
  await held.count(8);
  await assertRejects(() => histories.get(spanOf(9)), BusyError, "8 histories are being read");
  // One that is being read already costs nothing more.
  const shared = histories.get(spanOf(1));
  held.reads[0]?.resolve(NOTHING);
  assertEquals((await shared).history.points, []);
  const next = histories.get(spanOf(9));
  await held.count(9);
  for (const read of held.reads) read.resolve(NOTHING);
  await Promise.all([...reading, next]);
});

Deno.test("HistoryReader.get() lets another address wait for a place", LIMIT, async () => {
  await using rig = await setUp();
  const { histories, series } = rig;
  const held = holdReads(series);
  const greedy = Array.from({ length: 8 }, (_, i) => histories.get(spanOf(i + 1), "a"));
  await held.count(8);
  const waiting = [histories.get(spanOf(11), "b"), histories.get(spanOf(12), "b")];
  await assertRejects(() => histories.get(spanOf(13), "b"), BusyError);
  await assertRejects(() => histories.get(spanOf(9), "a"), BusyError);
  held.reads[0]?.resolve(NOTHING);
  await held.count(9);
  // The free place went to who waited, not to who asks now.
  await assertRejects(() => histories.get(spanOf(9), "a"), BusyError);
  held.reads[1]?.resolve(NOTHING);
  await held.count(10);
  for (const read of held.reads) read.resolve(NOTHING);
  await Promise.all([...greedy, ...waiting]);
});

Deno.test(
  "HistoryReader.get() gives all addresses of an IPv6 network one share",
  LIMIT,
  async () => {
    await using rig = await setUp();
    const { histories, series } = rig;
    const held = holdReads(series);
    const greedy = Array.from(
      { length: 8 },
      (_, i) => histories.get(spanOf(i + 1), `2001:db8::${i + 1}`),
    );
    await held.count(8);
    for (const address of ["2001:db8::f:0:0:1", "2001:db8:0:0:ffff::", "2001:DB8:0::3:9"]) {
      await assertRejects(() => histories.get(spanOf(9), address), BusyError);
    }
    const others = ["2001:db8:0:1::1", "::1", "::ffff:192.0.2.1", "::ffff:192.0.2.2", "192.0.2.3"];
    const waiting = others.map((address, i) => histories.get(spanOf(i + 10), address));
    for (const read of held.reads) read.resolve(NOTHING);
    await held.count(13);
    for (const read of held.reads) read.resolve(NOTHING);
    await Promise.all([...greedy, ...waiting]);
  },
);

Deno.test("HistoryReader.get() lets eight wait, and refuses more", LIMIT, async () => {
  await using rig = await setUp();
  const { histories, series } = rig;
  const held = holdReads(series);
  const clients = Array.from({ length: 16 }, (_, i) => histories.get(spanOf(i + 1), `client ${i}`));
  await held.count(8);
  await assertRejects(() => histories.get(spanOf(17), "late"), BusyError);
  for (let ended = 0; ended < 16; ended++) {
    await held.count(ended + 1);
    held.reads[ended]?.resolve(NOTHING);
  }
  await Promise.all(clients);
});

Deno.test("HistoryReader.get() forgets a read that failed", LIMIT, async () => {
  await using rig = await setUp();
  const { histories } = rig;
  rig.store.failure = new StoreError("away");
  for (let i = 0; i < 9; i++) {
    await assertRejects(() => histories.get(spanOf(1)), StoreError, "cannot be reached");
  }
  rig.store.failure = undefined;
  assertEquals((await histories.get(spanOf(1))).history.points.length, 1);
});

Deno.test("HistoryReader.clear() forgets everything", LIMIT, async () => {
  await using rig = await setUp();
  const { histories, series } = rig;
  await histories.get(spanOf(1));
  histories.clear();
  await histories.get(spanOf(1));
  assertEquals(series.reads, 2);
});
