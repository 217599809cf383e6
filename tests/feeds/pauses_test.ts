import { assertEquals } from "@std/assert";
import { Pauses } from "../../src/feeds/pauses.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import { createTestClock } from "../helpers/clock.ts";
import { NOW } from "../helpers/samples.ts";

const LIMIT = { timeout: 60_000 };

function setUp() {
  const clock = createTestClock();
  return { clock, pauses: new Pauses(() => clock.now()) };
}

/** A pause of ten minutes that began so long after {@linkcode NOW}. */
function keptAt(offsetMs: number, pause_ms = 10 * MINUTE_MS) {
  return { a: { asked_at: new Date(NOW + offsetMs).toISOString(), pause_ms } };
}

Deno.test("Pauses.leftMs() counts down for one address", LIMIT, () => {
  const { clock, pauses } = setUp();
  pauses.add("a", 1_500.2);
  assertEquals([pauses.leftMs("a"), pauses.leftMs("b")], [1_501, 0]);
  clock.advance(1_500);
  assertEquals(pauses.leftMs("a"), 1);
  clock.advance(1);
  assertEquals([pauses.leftMs("a"), pauses.list()], [0, {}]);
});

Deno.test("Pauses.add() pauses for an hour at most", LIMIT, () => {
  const { pauses } = setUp();
  pauses.add("a", 25 * HOUR_MS);
  assertEquals(pauses.leftMs("a"), HOUR_MS);
});

Deno.test("Pauses.add() does not shorten a pause", LIMIT, () => {
  const { pauses } = setUp();
  pauses.add("a", 2_000);
  pauses.add("a", 1_000);
  assertEquals(pauses.leftMs("a"), 2_000);
});

Deno.test.each([
  { offsetMs: -MINUTE_MS, leftMs: 9 * MINUTE_MS },
  { offsetMs: -11 * MINUTE_MS, leftMs: 0 },
  // The other instance's clock is fast: the pause lasts no longer for it.
  { offsetMs: 5 * MINUTE_MS, leftMs: 10 * MINUTE_MS },
  { offsetMs: 5 * MINUTE_MS + 1, leftMs: 0 },
])("Pauses.merge() takes a pause from $offsetMs ms, $leftMs ms are left", LIMIT, (row) => {
  const { pauses } = setUp();
  pauses.merge(keptAt(row.offsetMs));
  assertEquals(pauses.leftMs("a"), row.leftMs);
});

Deno.test("Pauses.merge() believes no pause of more than an hour", LIMIT, () => {
  const { pauses } = setUp();
  pauses.merge(keptAt(-HOUR_MS + 1, 25 * HOUR_MS));
  assertEquals(pauses.leftMs("a"), 1);
  pauses.merge(keptAt(-HOUR_MS, 25 * HOUR_MS));
  assertEquals(pauses.leftMs("a"), 1);
});

Deno.test("Pauses.merge() keeps the pause that ends later", LIMIT, () => {
  const { pauses } = setUp();
  pauses.add("a", 9 * MINUTE_MS + 1);
  pauses.merge({ ...keptAt(-MINUTE_MS), b: { ...keptAt(0).a, pause_ms: 1 } });
  assertEquals([pauses.leftMs("a"), pauses.leftMs("b")], [9 * MINUTE_MS + 1, 1]);
  pauses.merge(keptAt(0));
  assertEquals(pauses.list(), { ...keptAt(0), b: { ...keptAt(0).a, pause_ms: 1 } });
});
