import { assertEquals } from "@std/assert";
import {
  beginAttempt,
  countTick,
  createWebhookId,
  type Delivery,
  endAttempt,
  isDue,
  NEW_RECORD,
  shouldSend,
} from "../../src/notifications/notification.ts";
import type { DeliveryRecord, TrackedState } from "../../src/notifications/wire.ts";
import type { State } from "../../src/summary/states.js";

const TIME_LIMIT = { timeout: 60_000 };
const REFUSED: Delivery = { outcome: "failed", answerLost: false };
const LOST: Delivery = { outcome: "failed", answerLost: true };

function trackedAt(tick: number, state: State = "lit", since = 1_000): TrackedState {
  return { state, since, heldTicks: tick, tick };
}

function attempt(record: DeliveryRecord, tracked: TrackedState, delivery: Delivery) {
  return endAttempt(record, beginAttempt(record, tracked), delivery);
}

Deno.test("countTick() counts consecutive ticks of a state, and all ticks", TIME_LIMIT, () => {
  const first = countTick(undefined, "lit", 1_000);
  const second = countTick(first, "lit", 2_000);
  const third = countTick(second, "stale", 3_000);
  assertEquals(first, { state: "lit", since: 1_000, heldTicks: 1, tick: 1 });
  assertEquals(second, { state: "lit", since: 1_000, heldTicks: 2, tick: 2 });
  assertEquals(third, { state: "stale", since: 3_000, heldTicks: 1, tick: 3 });
});

Deno.test.each([
  { afterSeconds: 0, firstDueTick: 1 },
  { afterSeconds: 60, firstDueTick: 2 },
  { afterSeconds: 61, firstDueTick: 3 },
  { afterSeconds: 300, firstDueTick: 6 },
])("isDue() with $afterSeconds s is true from tick $firstDueTick on", TIME_LIMIT, (
  { afterSeconds, firstDueTick },
) => {
  const due = [1, 2, 3, 4, 5, 6].filter((tick) => isDue(trackedAt(tick), afterSeconds * 1_000));
  assertEquals(due[0], firstDueTick);
});

Deno.test("shouldSend() is true only for a state that was not delivered", TIME_LIMIT, () => {
  assertEquals(shouldSend(NEW_RECORD, trackedAt(1)), true);
  const record = attempt(NEW_RECORD, trackedAt(1), { outcome: "delivered" });
  assertEquals(shouldSend(record, trackedAt(2)), false);
  assertEquals(shouldSend(record, trackedAt(2, "unlit")), true);
});

Deno.test(
  "shouldSend() waits 1 tick after a failure, then 2, 4 … and at most 60",
  TIME_LIMIT,
  () => {
    const attemptTicks: number[] = [];
    let record = NEW_RECORD;
    for (let tick = 1; attemptTicks.length < 10; tick++) {
      if (!shouldSend(record, trackedAt(tick))) continue;
      attemptTicks.push(tick);
      record = attempt(record, trackedAt(tick), REFUSED);
    }
    const pauses = attemptTicks.slice(1).map((tick, i) => tick - (attemptTicks[i] ?? 0));
    assertEquals(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
  },
);

Deno.test("shouldSend() honours Retry-After, rounded up to ticks", TIME_LIMIT, () => {
  const record = attempt(NEW_RECORD, trackedAt(1), { ...REFUSED, retryAfterMs: 150_000 });
  assertEquals([2, 3, 4].map((tick) => shouldSend(record, trackedAt(tick))), [false, false, true]);
});

Deno.test("shouldSend() waits an hour at most, whatever a record says", TIME_LIMIT, () => {
  const record = attempt(NEW_RECORD, trackedAt(1), { ...REFUSED, retryAfterMs: 86_400_000 });
  assertEquals([60, 61].map((tick) => shouldSend(record, trackedAt(tick))), [false, true]);
});

Deno.test(
  "shouldSend() ignores a pause from before the count of ticks was lost",
  TIME_LIMIT,
  () => {
    const record = attempt(NEW_RECORD, trackedAt(900), { ...REFUSED, retryAfterMs: 86_400_000 });
    assertEquals(shouldSend(record, trackedAt(901)), false);
    assertEquals(shouldSend(record, trackedAt(1)), true);
  },
);

Deno.test("shouldSend() is false for an address that is gone", TIME_LIMIT, () => {
  const record = attempt(NEW_RECORD, trackedAt(1), { outcome: "gone" });
  assertEquals(shouldSend(record, trackedAt(1_000)), false);
});

Deno.test("endAttempt() starts the pauses again after a success", TIME_LIMIT, () => {
  const failed = attempt(NEW_RECORD, trackedAt(1), REFUSED);
  const record = attempt(failed, trackedAt(2), { outcome: "delivered" });
  assertEquals(record, { ...NEW_RECORD, delivered: "lit" });
});

Deno.test("endAttempt() keeps what was delivered when a later state is refused", TIME_LIMIT, () => {
  const delivered = attempt(NEW_RECORD, trackedAt(1, "unlit"), { outcome: "delivered" });
  const record = attempt(delivered, trackedAt(2, "lit"), REFUSED);
  assertEquals(shouldSend(record, trackedAt(9, "unlit")), false);
});

Deno.test("endAttempt() forgets what was delivered when an answer is lost", TIME_LIMIT, () => {
  const delivered = attempt(NEW_RECORD, trackedAt(1, "unlit"), { outcome: "delivered" });
  const record = attempt(delivered, trackedAt(2, "lit"), LOST);
  // The address may show "lit" now, so "unlit" must be sent.
  assertEquals(shouldSend(record, trackedAt(9, "unlit")), true);
});

Deno.test("beginAttempt() keeps the transition until its state is delivered", TIME_LIMIT, () => {
  const lost = attempt(NEW_RECORD, trackedAt(1, "lit", 1_000), LOST);
  const again = beginAttempt(lost, trackedAt(5, "lit", 4_000));
  assertEquals(again.attempted, { state: "lit", since: 1_000 });
  const delivered = endAttempt(lost, again, { outcome: "delivered" });
  const other = attempt(delivered, trackedAt(6, "unlit", 6_000), { outcome: "delivered" });
  const next = beginAttempt(other, trackedAt(7, "lit", 7_000));
  assertEquals(next.attempted, { state: "lit", since: 7_000 });
});

Deno.test("beginAttempt() takes a change after a refused one for another", TIME_LIMIT, () => {
  const delivered = attempt(NEW_RECORD, trackedAt(1, "unlit"), { outcome: "delivered" });
  const refused = attempt(delivered, trackedAt(2, "lit", 2_000), REFUSED);
  const again = beginAttempt(refused, trackedAt(3, "lit", 2_000));
  assertEquals(again.attempted, { state: "lit", since: 2_000 });
  const next = beginAttempt(refused, trackedAt(5, "lit", 5_000));
  assertEquals(next.attempted, { state: "lit", since: 5_000 });
});

Deno.test("createWebhookId() differs by address, state and transition", TIME_LIMIT, () => {
  const ids = [
    createWebhookId("a", { state: "lit", since: 1 }),
    createWebhookId("b", { state: "lit", since: 1 }),
    createWebhookId("a", { state: "unlit", since: 1 }),
    createWebhookId("a", { state: "lit", since: 2 }),
  ];
  assertEquals(new Set(ids).size, ids.length);
});
