import * as z from "zod";
import type { DeliveryRecord, TrackedState } from "../core/notification.ts";
import type { DeliveryRecords, StateTracker } from "../core/notification_ports.ts";
import { STATES } from "../core/state.ts";
import { type Client, send, unlessRefused } from "./command.ts";
import { OK_REPLY, VALUE_REPLY } from "./replies.ts";

/** The last moment that a `Date` can hold. */
const MAX_TIME_MS = 8.64e15;

const COUNT = z.int().min(0);
const TRANSITION = z.object({ state: z.enum(STATES), since: COUNT.max(MAX_TIME_MS) });
const TRACKED_STATE = TRANSITION.extend({ heldTicks: COUNT, tick: COUNT });
const RECORD = z.object({
  delivered: z.enum(STATES).optional(),
  attempted: TRANSITION.optional(),
  failures: COUNT,
  attemptTick: COUNT,
  pauseTicks: COUNT,
  gone: z.boolean(),
});

/** Keeps the tracked state in one key, as JSON; a value that does not parse counts as missing. */
export class RedisStateTracker implements StateTracker {
  readonly #client: Client;
  readonly #key: string;

  constructor(client: Client, key: string) {
    this.#client = client;
    this.#key = key;
  }

  read(): Promise<TrackedState | undefined> {
    return readJson(this.#client, this.#key, TRACKED_STATE);
  }

  write(tracked: TrackedState): Promise<void> {
    return writeJson(this.#client, this.#key, tracked);
  }
}

/** Keeps one key per address, as JSON; a value that does not parse counts as missing. */
export class RedisDeliveryRecords implements DeliveryRecords {
  readonly #client: Client;
  readonly #keyOf: (addressHash: string) => string;

  constructor(client: Client, keyOf: (addressHash: string) => string) {
    this.#client = client;
    this.#keyOf = keyOf;
  }

  read(addressHash: string): Promise<DeliveryRecord | undefined> {
    return readJson(this.#client, this.#keyOf(addressHash), RECORD);
  }

  write(addressHash: string, record: DeliveryRecord): Promise<void> {
    return writeJson(this.#client, this.#keyOf(addressHash), record);
  }
}

async function readJson<T>(
  client: Client,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const text = await send(client, VALUE_REPLY, ["GET", key])
    .catch(unlessRefused(/^WRONGTYPE/, null));
  return text === null ? undefined : parseJson(text, schema);
}

function parseJson<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function writeJson(client: Client, key: string, value: unknown): Promise<void> {
  await send(client, OK_REPLY, ["SET", key, JSON.stringify(value)]);
}
