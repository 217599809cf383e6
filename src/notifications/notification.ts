import { MINUTE_MS } from "../samples/bucket.ts";
import type { DeliveryRecord, TrackedState, Transition } from "./wire.ts";
import type { State } from "../summary/states.js";

const MAX_PAUSE_TICKS = 60;

/** A record of a message that is about to be sent. */
export interface AttemptRecord extends DeliveryRecord {
  readonly attempted: Transition;
}

/** How a delivery ended, as metrics count it. */
export type DeliveryOutcome = "delivered" | "failed" | "gone";

/** The end of one delivery. */
export interface Delivery {
  readonly outcome: DeliveryOutcome;
  /** What was answered, or why nothing was; contains no part of the address. */
  readonly reason?: string | undefined;
  /** Whether the address may have received the message although no answer came. @default false */
  readonly answerLost?: boolean | undefined;
  /** The pause that the address asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** The record of an address to which nothing was sent yet. */
export const NEW_RECORD: DeliveryRecord = {
  failures: 0,
  attemptTick: 0,
  pauseTicks: 0,
  gone: false,
};

/** Counts a tick at `now` (Unix ms) on which `state` was seen. */
export function countTick(
  previous: TrackedState | undefined,
  state: State,
  now: number,
): TrackedState {
  const tick = (previous?.tick ?? 0) + 1;
  if (previous?.state !== state) return { state, since: now, heldTicks: 1, tick };
  return { ...previous, heldTicks: previous.heldTicks + 1, tick };
}

/** Returns whether a state has held for `afterMs`: at its first sight, it has held for no time yet. */
export function isDue({ heldTicks }: TrackedState, afterMs: number): boolean {
  return (heldTicks - 1) * MINUTE_MS >= afterMs;
}

/** Returns whether a due state must be sent to an address at this tick. */
export function shouldSend(record: DeliveryRecord, { state, tick }: TrackedState): boolean {
  if (record.gone || record.delivered === state) return false;
  const passedTicks = tick - record.attemptTick;
  // Fewer than 0 have passed if the count was lost and started again: the pause means nothing then.
  // A record of an earlier version may hold a pause of a day.
  return passedTicks < 0 || passedTicks >= Math.min(record.pauseTicks, MAX_PAUSE_TICKS);
}

/**
 * Returns the record to store before a message is sent: that of an attempt whose answer was lost.
 *
 * The record is then correct even after a crash. `delivered` is missing, so that the next due state
 * is sent, whatever the address has received.
 */
export function beginAttempt(record: DeliveryRecord, tracked: TrackedState): AttemptRecord {
  const { state, since, tick } = tracked;
  const failures = record.failures + 1;
  return {
    // The address may have received the earlier attempt: the same webhook-id lets it drop this one.
    attempted: record.attempted?.state === state ? record.attempted : { state, since },
    failures,
    attemptTick: tick,
    pauseTicks: Math.min(2 ** (failures - 1), MAX_PAUSE_TICKS),
    gone: false,
  };
}

/** Returns the record to store after an attempt; `before` is the record before it began. */
export function endAttempt(
  before: DeliveryRecord,
  attempt: AttemptRecord,
  { outcome, answerLost = false, retryAfterMs = 0 }: Delivery,
): DeliveryRecord {
  if (outcome === "delivered") return { ...NEW_RECORD, delivered: attempt.attempted.state };
  return {
    ...attempt,
    // A refused message did not arrive: a later change to the same state is news with its own id.
    attempted: answerLost ? attempt.attempted : before.attempted,
    delivered: answerLost ? undefined : before.delivered,
    pauseTicks: Math.max(attempt.pauseTicks, Math.ceil(retryAfterMs / MINUTE_MS)),
    gone: outcome === "gone",
  };
}

/** Returns the `webhook-id` of a transition: the same for every attempt at it. */
export function createWebhookId(addressHash: string, { state, since }: Transition): string {
  return `msg_${addressHash}_${state}_${since}`;
}
