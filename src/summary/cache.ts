import type { Log } from "../log.ts";
import { type Client, INTEGER_REPLY, OK_REPLY, send, VALUES_REPLY } from "../redis/command.ts";
import type { Connection } from "../redis/connection.ts";
import { parseJson } from "../redis/json_value.ts";
import type { Revision } from "../redis/revision.ts";
import type { Sleep } from "../samples/clock.ts";
import { REVISED_SUMMARY, type RevisedSummary } from "./wire.ts";

const TTL_SECONDS = 120;

/** Keeps the last summary for every instance, in one Redis key, as JSON. */
export class SummaryCache {
  readonly #client: Client;
  readonly #key: string;
  readonly #revision: Revision;

  constructor(client: Client, key: string, revision: Revision) {
    this.#client = client;
    this.#key = key;
    this.#revision = revision;
  }

  /** Reads the revision, and the summary if it has that revision. */
  async read(): Promise<{ revision: number; summary: RevisedSummary | undefined }> {
    const command = ["MGET", this.#revision.key, this.#key] as const;
    const [stored = null, cached = null] = await send(this.#client, VALUES_REPLY, command);
    const revision = await this.#revision.parse(stored);
    const summary = cached === null ? undefined : parseSummary(cached);
    return { revision, summary: summary?.revision === revision ? summary : undefined };
  }

  /** Replaces the cached summary. A late write is harmless: readers compare its revision. */
  async write(summary: RevisedSummary): Promise<void> {
    const command = ["SET", this.#key, JSON.stringify(summary), "EX", TTL_SECONDS] as const;
    await send(this.#client, OK_REPLY, command);
  }
}

/** Parses a summary from JSON; `undefined` if it is too long or has another shape. */
export function parseSummary(text: string): RevisedSummary | undefined {
  return REVISED_SUMMARY.safeParse(parseJson(text)).data;
}

const FIRST_PAUSE_MS = 500;

// A connection that has died without a word is noticed by the missing reply.
const RENEW_MS = 15_000;

/** Sends summaries to all instances, by `PUBLISH`. */
export function createAnnounce(client: Client, channel: string) {
  return async (summary: RevisedSummary): Promise<void> => {
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
