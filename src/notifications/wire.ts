import * as z from "zod/mini";
import { STATES } from "../summary/states.js";

/** The last moment that a `Date` can hold. */
const MAX_TIME_MS = 8.64e15;

const COUNT = z.int().check(z.nonnegative());

const TRANSITION = z.object({ state: z.enum(STATES), since: COUNT.check(z.lte(MAX_TIME_MS)) });

/** A change to a state; `since` (Unix ms) tells two changes to the same state apart. */
export type Transition = Readonly<z.infer<typeof TRANSITION>>;

/**
 * The current state as the ticks have seen it: `heldTicks` counts the consecutive ticks on which it was
 * seen, `tick` all ticks. Pauses are measured in ticks, because clocks of instances differ.
 */
export const TRACKED_STATE = z.extend(TRANSITION, { heldTicks: COUNT, tick: COUNT });

/** What {@linkcode TRACKED_STATE} parses. */
export type TrackedState = Readonly<z.infer<typeof TRACKED_STATE>>;

/**
 * What is known about the deliveries to one address. `delivered` is the last state it has received,
 * missing while that is unknown; `attempted` the transition of the last message that may have arrived
 * although no answer came. After `attemptTick` it waits `pauseTicks`; once `gone`, until an instance starts.
 */
export const DELIVERY_RECORD = z.object({
  delivered: z.optional(z.enum(STATES)),
  attempted: z.optional(TRANSITION),
  failures: COUNT,
  attemptTick: COUNT,
  pauseTicks: COUNT,
  gone: z.boolean(),
});

/** What {@linkcode DELIVERY_RECORD} parses. */
export type DeliveryRecord = Readonly<z.infer<typeof DELIVERY_RECORD>>;
