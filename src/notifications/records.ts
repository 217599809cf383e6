import { type Client, INTEGER_REPLY, send } from "../redis/command.ts";
import { JsonValue } from "../redis/json_value.ts";
import { DELIVERY_RECORD, type DeliveryRecord, TRACKED_STATE, type TrackedState } from "./wire.ts";

/** Keeps the tracked state for every instance. */
export class StateTracker extends JsonValue<TrackedState> {
  constructor(client: Client, key: string) {
    super(client, key, TRACKED_STATE);
  }
}

/** The record of an address that is no longer configured goes after this time. */
const RECORD_TTL_SECONDS = 30 * 86_400;

/** Keeps one record per address for every instance, for 30 days beyond its last use. */
export class DeliveryRecords {
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
    return this.#valueOf(addressHash).write(record, RECORD_TTL_SECONDS);
  }

  /** Keeps a record that is still in use. */
  async renew(addressHash: string): Promise<void> {
    const command = ["PEXPIRE", this.#keyOf(addressHash), RECORD_TTL_SECONDS * 1_000] as const;
    await send(this.#client, INTEGER_REPLY, command);
  }

  #valueOf(addressHash: string): JsonValue<DeliveryRecord> {
    return new JsonValue(this.#client, this.#keyOf(addressHash), DELIVERY_RECORD);
  }
}

/** Returns the first 16 hex digits of the SHA-256 of an address, which itself is a secret. */
export async function hashAddress(address: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address));
  return new Uint8Array(digest).toHex().slice(0, 16);
}
