import type { State } from "../summary/summary.ts";

/** The pause between two ticks, in milliseconds. */
export const TICK_MS = 60_000;

const MAX_PAUSE_TICKS = 60;

/** A change to a state; `since` (Unix ms) tells two changes to the same state apart. */
export interface Transition {
  readonly state: State;
  readonly since: number;
}

/** The current state as the ticks have seen it. */
export interface TrackedState extends Transition {
  /** The number of consecutive ticks on which the state was seen. */
  readonly heldTicks: number;
  /** The number of this tick. Pauses are measured in ticks, because clocks of instances differ. */
  readonly tick: number;
}

/** What is known about the deliveries to one address. */
export interface DeliveryRecord {
  /** The last state the address has received; missing while that is unknown. */
  readonly delivered?: State | undefined;
  /** The transition of the last message that may have arrived although no answer came. */
  readonly attempted?: Transition | undefined;
  /** Consecutive attempts without success. */
  readonly failures: number;
  /** The tick of the last attempt. */
  readonly attemptTick: number;
  /** The number of ticks to wait after {@linkcode attemptTick}. */
  readonly pauseTicks: number;
  /** Whether the address answered 410: it gets nothing until an instance starts. */
  readonly gone: boolean;
}

/** A record of a message that is about to be sent. */
export interface AttemptRecord extends DeliveryRecord {
  readonly attempted: Transition;
}

/** How a delivery ended, as metrics count it. */
export type DeliveryOutcome = "delivered" | "failed" | "gone";

/** The end of one delivery. */
export interface Delivery {
  readonly outcome: DeliveryOutcome;
  /** Why it was not delivered; contains no part of the address. */
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

/** Returns whether a state has held for `afterMs`. */
export function isDue({ heldTicks }: TrackedState, afterMs: number): boolean {
  return heldTicks * TICK_MS >= afterMs;
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
    pauseTicks: Math.max(attempt.pauseTicks, Math.ceil(retryAfterMs / TICK_MS)),
    gone: outcome === "gone",
  };
}

/** Returns the first 16 hex digits of the SHA-256 of an address, which itself is a secret. */
export async function hashAddress(address: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address));
  return new Uint8Array(digest).toHex().slice(0, 16);
}

/** Returns the `webhook-id` of a transition: the same for every attempt at it. */
export function createWebhookId(addressHash: string, { state, since }: Transition): string {
  return `msg_${addressHash}_${state}_${since}`;
}
