import type { Log } from "../log.ts";
import type { Clock } from "../samples/clock.ts";
import { composeMessage } from "./message.ts";
import {
  beginAttempt,
  countTick,
  createWebhookId,
  type Delivery,
  type DeliveryOutcome,
  endAttempt,
  isDue,
  NEW_RECORD,
  shouldSend,
} from "./notification.ts";
import { type DeliveryRecords, hashAddress, type StateTracker } from "./records.ts";
import type { SendMessage } from "./send.ts";
import type { TrackedState } from "./wire.ts";
import type { Answer } from "../summary/wire.ts";
import { stateOf } from "../summary/states.js";

/** What a {@linkcode Notifier} needs. */
export interface NotifierOptions {
  /** The webhooks' URLs: they are secrets. */
  addresses: readonly string[];
  /** How long a state must hold before it is sent, in milliseconds. */
  afterMs: number;
  /** The base of links in messages. @default none */
  publicUrl?: string | undefined;
  tracker: Pick<StateTracker, "read" | "write">;
  records: Pick<DeliveryRecords, "read" | "write">;
  send: SendMessage;
  clock: Clock;
  log: Log;
  /** Ends the deliveries that run. */
  signal: AbortSignal;
  /** Called with the outcome of each delivery. */
  onOutcome: (outcome: DeliveryOutcome) => void;
}

/**
 * Sends the state to every webhook that has not received it yet.
 *
 * Only the instance that owns a tick calls {@linkcode Notifier.tick}, so no two send at once: it takes at
 * most 22 s (seven commands of 1 s each and a delivery of 15 s), and the tick calls it while it has them.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  #started = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /**
   * Allows another try for addresses that answered 410; each instance does this once.
   *
   * @throws {StoreError} when the records can't be read or written; a later call tries again
   */
  async start(): Promise<void> {
    if (this.#started) return;
    const { addresses, records } = this.#options;
    await Promise.all(addresses.map(async (address) => {
      const hash = await hashAddress(address);
      const record = await records.read(hash);
      if (record?.gone) await records.write(hash, { ...record, ...NEW_RECORD });
    }));
    this.#started = true;
  }

  /** Counts the state of an answer and sends it where it is due; without data it does nothing. */
  async tick(answer: Answer | undefined): Promise<void> {
    const { addresses, afterMs, log } = this.#options;
    if (answer === undefined || addresses.length === 0) return;
    try {
      await this.start();
      const tracked = await this.#count(answer);
      if (!isDue(tracked, afterMs)) return;
      await Promise.all(addresses.map((address) => this.#notify(address, tracked, answer)));
    } catch (error) {
      log.warn("could not count the state for the webhooks", { error });
    }
  }

  async #count(answer: Answer): Promise<TrackedState> {
    const { tracker, clock } = this.#options;
    const tracked = countTick(await tracker.read(), stateOf(answer), clock.now());
    await tracker.write(tracked);
    return tracked;
  }

  async #notify(address: string, tracked: TrackedState, answer: Answer): Promise<void> {
    const { log } = this.#options;
    const { host } = new URL(address);
    try {
      const delivery = await this.#deliver(address, tracked, answer);
      if (delivery === undefined) return;
      const { outcome, reason } = delivery;
      if (outcome === "delivered") log.info("webhook delivered", { host, state: tracked.state });
      else log.warn("webhook not delivered", { host, state: tracked.state, outcome, reason });
    } catch (error) {
      log.warn("webhook not delivered", { host, state: tracked.state, error });
    }
  }

  /** Sends the state to an address, unless it already has it or its pause has not ended. */
  async #deliver(
    address: string,
    tracked: TrackedState,
    answer: Answer,
  ): Promise<Delivery | undefined> {
    const { records, send, publicUrl, signal, onOutcome } = this.#options;
    const hash = await hashAddress(address);
    const before = await records.read(hash) ?? NEW_RECORD;
    if (!shouldSend(before, tracked)) return undefined;
    const attempt = beginAttempt(before, tracked);
    // Stored first: otherwise, while the store refuses writes, every tick would send the message again.
    await records.write(hash, attempt);
    const id = createWebhookId(hash, attempt.attempted);
    const message = composeMessage({ id, transition: attempt.attempted, answer, publicUrl });
    let delivery: Delivery;
    try {
      delivery = await send(address, message, signal);
    } catch (error) {
      onOutcome("failed");
      throw error;
    }
    onOutcome(delivery.outcome);
    await records.write(hash, endAttempt(before, attempt, delivery));
    return delivery;
  }
}
