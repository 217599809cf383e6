import type { ByteString } from "./byte_string.ts";
import type { Client } from "./client.ts";

/** Who listens to which channel. */
export class PubSub {
  #listeners = new Map<ByteString, Set<Client>>();

  /** Makes a client hear what is published on a channel. */
  subscribe(client: Client, channel: ByteString): void {
    client.subscriptions.add(channel);
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(client));
  }

  /** Makes a client hear no more of a channel. */
  unsubscribe(client: Client, channel: ByteString): void {
    client.subscriptions.delete(channel);
    const listeners = this.#listeners.get(channel);
    listeners?.delete(client);
    if (listeners?.size === 0) this.#listeners.delete(channel);
  }

  /** Forgets a client that has left. */
  leave(client: Client): void {
    for (const channel of client.subscriptions) this.unsubscribe(client, channel);
  }

  /** Everybody who listens to a channel. */
  listeners(channel: ByteString): Client[] {
    return [...this.#listeners.get(channel) ?? []];
  }
}
