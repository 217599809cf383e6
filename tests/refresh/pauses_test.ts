import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import { Pauses } from "../../src/feeds/pauses.ts";
import { backfill } from "../../src/refresh/backfill.ts";
import { Refresher } from "../../src/refresh/refresher.ts";
import { createTestClock } from "../helpers/clock.ts";
import { createFakeFeed, createFakeSupply } from "../helpers/fake_feed.ts";
import { createRefreshParts } from "../helpers/refresh_parts.ts";
import { NOW, pairAt, risingAnswer } from "../helpers/samples.ts";
import { createTestStore, type TestStore } from "../helpers/store.ts";

const LIMIT = { timeout: 60_000 };
const PAUSE_MS = 600_000;
const ADDRESS = "api.example.com";
const KEPT = {
  [ADDRESS]: { asked_at: "2021-07-07T12:30:00.000Z", pause_ms: PAUSE_MS },
};

/** An instance with one source, whose minutes and hours come from one address that may limit them. */
function createInstance(store: TestStore) {
  const pauses = new Pauses(() => store.clock.now());
  const requests: string[] = [];
  const state = { limits: false };
  function sourceOf(kind: string) {
    return () => {
      const retryAfterMs = pauses.leftMs(ADDRESS);
      if (retryAfterMs > 0) throw new FeedError("unavailable", "paused", { retryAfterMs });
      requests.push(kind);
      if (!state.limits) return risingAnswer();
      pauses.add(ADDRESS, PAUSE_MS);
      throw new FeedError("unavailable", "limited", { retryAfterMs: PAUSE_MS });
    };
  }
  const hours = createFakeSupply({ hours: sourceOf("hours") });
  const feed = { ...createFakeFeed({ minutes: sourceOf("minutes") }, hours), pauses };
  const parts = createRefreshParts(feed, store);
  const refresher = new Refresher({
    ...parts,
    claims: store.claims,
    minIntervalMs: 0,
    onEnd() {},
  });
  return {
    requests,
    state,
    refresh: () => refresher.request().catch(() => {}),
    backfill: () => backfill({ ...parts, marks: store.marks, onBackfilled() {} }),
  };
}

async function readPauses({ record }: TestStore) {
  return (await record.read())?.pauses;
}

Deno.test("a pause holds for every instance, and for the backfill", LIMIT, async () => {
  await using store = await createTestStore();
  await store.writer.add(pairAt(NOW));
  const [first, second] = [createInstance(store), createInstance(store)];
  first.state.limits = true;
  await first.refresh();
  assertEquals(await readPauses(store), KEPT);
  await first.refresh();
  await second.refresh();
  await second.backfill();
  await createInstance(store).backfill();
  assertEquals([first.requests, second.requests], [["minutes"], []]);
  store.clock.advance(PAUSE_MS);
  await second.refresh();
  assertEquals([second.requests, await readPauses(store)], [["minutes"], {}]);
});

Deno.test("a pause that a backfill met holds for refreshes of every instance", LIMIT, async () => {
  await using store = await createTestStore();
  const [first, second] = [createInstance(store), createInstance(store)];
  await second.refresh();
  const before = await store.record.read();
  first.state.limits = true;
  await first.backfill();
  assertEquals(await store.record.read(), { ...before, pauses: KEPT });
  await second.refresh();
  assertEquals([first.requests, second.requests], [["hours"], ["minutes"]]);
  assertEquals(await readPauses(store), KEPT);
});

Deno.test("a refresh keeps the pauses that others kept meanwhile", LIMIT, async () => {
  await using store = await createTestStore();
  const [first, second] = [createInstance(store), createInstance(store)];
  await first.refresh();
  const { add } = store.writer;
  store.writer.add = async (samples) => {
    store.writer.add = add;
    second.state.limits = true;
    await second.backfill();
    return await add.call(store.writer, samples);
  };
  await first.refresh();
  assertEquals(await readPauses(store), KEPT);
});

Deno.test.each([
  { pauses: { [ADDRESS]: { asked_at: "soon", pause_ms: PAUSE_MS } } },
  { pauses: ["another shape"] },
])("a record with $pauses is read without them", LIMIT, async ({ pauses }) => {
  await using store = await createTestStore({ clock: createTestClock() });
  const { refresh, requests } = createInstance(store);
  await refresh();
  const last = await store.record.read();
  await store.client.call("SET", [store.keys.refresh, JSON.stringify({ ...last, pauses })]);
  assertEquals(await store.record.read(), { ...last, pauses: {} });
  await refresh();
  assertEquals(requests.length, 2);
});
