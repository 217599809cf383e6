import type { Announce, Log, Sleep } from "../core/ports.ts";
import type { RevisedSummary } from "../core/summary.ts";
import { type Client, send } from "./command.ts";
import type { Connection } from "./connection.ts";
import { INTEGER_REPLY } from "./replies.ts";
import { parseSummary } from "./summary_cache.ts";

const FIRST_PAUSE_MS = 500;

// A connection that has died without a word is noticed by the missing reply.
const RENEW_MS = 15_000;

/** Sends summaries to all instances, by `PUBLISH`. */
export function createAnnounce(client: Client, channel: string): Announce {
  return async (summary) => {
    await send(client, INTEGER_REPLY, ["PUBLISH", channel, JSON.stringify(summary)]);
  };
}

/** How summaries are received. */
export interface ReceiveOptions {
  channel: string;
  onSummary: (summary: RevisedSummary) => void;
  sleep: Sleep;
  log: Pick<Log, "info" | "warn">;
  /** Ends the subscription. */
  signal: AbortSignal;
}

/**
 * Receives summaries on a connection of its own, since a subscribed one takes no other command. It
 * subscribes whenever the connection is ready, tries again after a refusal, and ignores messages that do
 * not parse.
 */
export function receiveSummaries(subscriber: Connection, options: ReceiveOptions): void {
  const { onSummary, log } = options;
  let lost = new AbortController();
  const subscription = new Subscription(subscriber, options);
  subscriber.on("message", (_channel: string, text: string) => {
    try {
      const summary = parseSummary(text);
      if (summary !== undefined) onSummary(summary);
    } catch (error) {
      // Thrown inside a listener of the socket, it would end the process.
      log.warn("an announcement failed", { error });
    }
  });
  subscriber.on("close", () => lost.abort());
  subscriber.on("ready", () => {
    lost = new AbortController();
    subscription.keep(AbortSignal.any([options.signal, lost.signal]));
  });
}

/** A subscription to one channel, over all connections. */
class Subscription {
  readonly #subscriber: Connection;
  readonly #options: ReceiveOptions;
  /** Why there is none, once it is logged. */
  #refusal: string | undefined;

  constructor(subscriber: Connection, options: ReceiveOptions) {
    this.#subscriber = subscriber;
    this.#options = options;
  }

  /** Subscribes again and again until the connection is lost; Redis ignores the repetition. */
  async keep(signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const subscribed = await this.#subscribe(signal);
      pauseMs = subscribed ? RENEW_MS : Math.min(2 * pauseMs, RENEW_MS);
      await this.#options.sleep(pauseMs, signal).catch(() => {});
    }
  }

  async #subscribe(signal: AbortSignal): Promise<boolean> {
    const { channel, log } = this.#options;
    try {
      await this.#subscriber.subscribe(channel);
      if (this.#refusal !== undefined) log.info("announcements are received again");
      this.#refusal = undefined;
      return true;
    } catch (error) {
      if (!signal.aborted) this.#noteRefusal(error);
      return false;
    }
  }

  #noteRefusal(error: unknown): void {
    const refusal = String(error);
    if (refusal === this.#refusal) return;
    this.#refusal = refusal;
    this.#options.log.warn("announcements of other instances cannot be received", { error });
  }
}
