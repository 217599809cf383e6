import * as z from "zod";
import type { Announcer } from "../core/ports.ts";
import type { Summary } from "../core/summary.ts";
import { type Client, send } from "./command.ts";
import type { Connection } from "./connection.ts";
import { parseSummary } from "./summary_cache.ts";

/** Tells all instances of a fresh summary, by `PUBLISH`. */
export class RedisAnnouncer implements Announcer {
  readonly #client: Client;
  readonly #channel: string;

  constructor(client: Client, channel: string) {
    this.#client = client;
    this.#channel = channel;
  }

  async announce(summary: Summary): Promise<void> {
    await send(this.#client, z.int(), ["PUBLISH", this.#channel, JSON.stringify(summary)]);
  }
}

/**
 * Hears of fresh summaries on a connection of its own, as one that listens takes no other command.
 * It subscribes anew whenever the connection is ready; what does not parse is passed over.
 */
export function listenForSummaries(
  subscriber: Connection,
  channel: string,
  onSummary: (summary: Summary) => void,
): void {
  subscriber.on("message", (_channel: string, text: string) => {
    const summary = parseSummary(text);
    if (summary !== undefined) onSummary(summary);
  });
  subscriber.on("ready", () => {
    subscriber.subscribe(channel).catch(() => {}); // Lost again: the next ready subscribes.
  });
}
