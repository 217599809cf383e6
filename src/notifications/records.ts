import * as z from "zod/mini";
import type { Client } from "../redis/command.ts";
import { JsonValue } from "../redis/json_value.ts";
import { STATES } from "../summary/summary.ts";
import type { DeliveryRecord, TrackedState } from "./notification.ts";
import type { DeliveryRecords, StateTracker } from "./notifier.ts";

/** The last moment that a `Date` can hold. */
const MAX_TIME_MS = 8.64e15;

const COUNT = z.int().check(z.nonnegative());

const TRANSITION = z.object({ state: z.enum(STATES), since: COUNT.check(z.lte(MAX_TIME_MS)) });

const TRACKED_STATE = z.extend(TRANSITION, { heldTicks: COUNT, tick: COUNT });

const RECORD = z.object({
  delivered: z.optional(z.enum(STATES)),
  attempted: z.optional(TRANSITION),
  failures: COUNT,
  attemptTick: COUNT,
  pauseTicks: COUNT,
  gone: z.boolean(),
});

/** Keeps the tracked state. */
export class RedisStateTracker extends JsonValue<TrackedState> implements StateTracker {
  constructor(client: Client, key: string) {
    super(client, key, TRACKED_STATE);
  }
}

/** Keeps one record per address. */
export class RedisDeliveryRecords implements DeliveryRecords {
  readonly #client: Client;
  readonly #keyOf: (addressHash: string) => string;

  constructor(client: Client, keyOf: (addressHash: string) => string) {
    this.#client = client;
    this.#keyOf = keyOf;
  }

  read(addressHash: string): Promise<DeliveryRecord | undefined> {
    return this.#valueOf(addressHash).read();
  }

  write(addressHash: string, record: DeliveryRecord): Promise<void> {
    return this.#valueOf(addressHash).write(record);
  }

  #valueOf(addressHash: string): JsonValue<DeliveryRecord> {
    return new JsonValue(this.#client, this.#keyOf(addressHash), RECORD);
  }
}
