import type { Announce } from "../core/ports.ts";
import type { RevisedSummary } from "../core/summary.ts";
import { type Client, send } from "./command.ts";
import type { Connection } from "./connection.ts";
import { INTEGER_REPLY } from "./replies.ts";
import { parseSummary } from "./summary_cache.ts";

/** Sends summaries to all instances, by `PUBLISH`. */
export function createAnnounce(client: Client, channel: string): Announce {
  return async (summary) => {
    await send(client, INTEGER_REPLY, ["PUBLISH", channel, JSON.stringify(summary)]);
  };
}

/**
 * Receives summaries on a connection of its own, since a subscribed one takes no other command. It
 * subscribes again whenever the connection is ready, and ignores messages that do not parse.
 */
export function receiveSummaries(
  subscriber: Connection,
  channel: string,
  onSummary: (summary: RevisedSummary) => void,
): void {
  subscriber.on("message", (_channel: string, text: string) => {
    const summary = parseSummary(text);
    if (summary !== undefined) onSummary(summary);
  });
  subscriber.on("ready", () => {
    subscriber.subscribe(channel).catch(() => {}); // The next connection subscribes again.
  });
}
