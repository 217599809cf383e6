import type { Delivery, DeliveryRecord, TrackedState } from "./notification.ts";
import type { WebhookMessage } from "./webhook_message.ts";

/** Keeps the tracked state for every instance; methods throw a {@linkcode StoreError}. */
export interface StateTracker {
  read(): Promise<TrackedState | undefined>;
  write(tracked: TrackedState): Promise<void>;
}

/** Keeps a record per address for every instance; methods throw a {@linkcode StoreError}. */
export interface DeliveryRecords {
  read(addressHash: string): Promise<DeliveryRecord | undefined>;
  write(addressHash: string, record: DeliveryRecord): Promise<void>;
}

/** Sends messages to addresses. */
export interface WebhookSender {
  /** Sends a message once; a failure of the address or the network is a result, not an error. */
  send(address: string, message: WebhookMessage, signal: AbortSignal): Promise<Delivery>;
}
