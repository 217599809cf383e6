import type { ByteString } from "./byte_string.ts";
import type { Client } from "./client.ts";

/** Which clients are subscribed to which channels. */
export class PubSub {
  #subscribers = new Map<ByteString, Set<Client>>();

  /** Subscribes a client to a channel. */
  subscribe(client: Client, channel: ByteString): void {
    client.subscriptions.add(channel);
    const subscribers = this.#subscribers.get(channel) ?? new Set();
    this.#subscribers.set(channel, subscribers.add(client));
  }

  /** Ends a client's subscription to a channel. */
  unsubscribe(client: Client, channel: ByteString): void {
    client.subscriptions.delete(channel);
    const subscribers = this.#subscribers.get(channel);
    subscribers?.delete(client);
    if (subscribers?.size === 0) this.#subscribers.delete(channel);
  }

  /** Ends all subscriptions of a client. */
  leave(client: Client): void {
    for (const channel of client.subscriptions) this.unsubscribe(client, channel);
  }

  /** Returns the clients that are subscribed to a channel. */
  subscribers(channel: ByteString): Client[] {
    return [...this.#subscribers.get(channel) ?? []];
  }
}
