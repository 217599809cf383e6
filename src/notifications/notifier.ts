import type { Log } from "../log.ts";
import type { Clock } from "../samples/clock.ts";
import { composeMessage, type WebhookMessage } from "./message.ts";
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
import { parseReceiver, type Receiver } from "./receivers.ts";
import type { SendMessage } from "./send.ts";
import type { DeliveryRecord, TrackedState } from "./wire.ts";
import type { Answer } from "../summary/wire.ts";
import { stateOf } from "../summary/states.js";

/** As many digits of a hash tell 20 addresses apart. */
const NAME_DIGITS = 6;

/** What a {@linkcode Notifier} needs. */
export interface NotifierOptions {
  /** The webhooks' URLs, perhaps with the prefix of a receiver: they are secrets. */
  addresses: readonly string[];
  /** How long a state must hold before it is sent, in milliseconds. */
  afterMs: number;
  /** The base of links in messages. @default none */
  publicUrl?: string | undefined;
  tracker: Pick<StateTracker, "read" | "write">;
  records: Pick<DeliveryRecords, "read" | "write" | "renew">;
  send: SendMessage;
  clock: Clock;
  log: Log;
  /** Ends the deliveries that run. */
  signal: AbortSignal;
  /** Called with the outcome of each delivery. */
  onOutcome: (outcome: DeliveryOutcome) => void;
}

interface Due {
  readonly receiver: Receiver;
  /** Names its record. */
  readonly hash: string;
  readonly tracked: TrackedState;
  readonly answer: Answer;
}

/**
 * Sends the state to every webhook that has not received it yet.
 *
 * Only the instance that owns a tick calls {@linkcode Notifier.tick}, so no two send at once: it takes at
 * most 22 s (seven commands of 1 s each and a delivery of 15 s), and the tick calls it while it has them.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #receivers: readonly Receiver[];
  #started = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#receivers = options.addresses.map(parseReceiver).filter((it) => it !== undefined);
  }

  /**
   * Allows another try for addresses that answered 410; each instance does this once.
   *
   * @throws {StoreError} when the records can't be read or written; a later call tries again
   */
  async start(): Promise<void> {
    if (this.#started) return;
    const { records } = this.#options;
    await Promise.all(this.#receivers.map(async ({ url }) => {
      const hash = await hashAddress(url);
      const record = await records.read(hash);
      if (record?.gone) await records.write(hash, { ...record, ...NEW_RECORD });
    }));
    this.#started = true;
  }

  /** Counts the state of an answer and sends it where it is due; without data it does nothing. */
  async tick(answer: Answer | undefined): Promise<void> {
    const { afterMs, log } = this.#options;
    if (answer === undefined || this.#receivers.length === 0) return;
    try {
      await this.start();
      const tracked = await this.#count(answer);
      if (!isDue(tracked, afterMs)) return;
      await Promise.all(this.#receivers.map((it) => this.#notify(it, tracked, answer)));
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

  async #notify(receiver: Receiver, tracked: TrackedState, answer: Answer): Promise<void> {
    const { log } = this.#options;
    const hash = await hashAddress(receiver.url);
    const about = { ...nameReceiver(receiver, hash), state: tracked.state };
    try {
      const delivery = await this.#deliver({ receiver, hash, tracked, answer });
      if (delivery === undefined) return;
      const { outcome, reason } = delivery;
      if (outcome === "delivered") log.info("webhook delivered", about);
      else log.warn("webhook not delivered", { ...about, outcome, reason });
    } catch (error) {
      log.warn("webhook not delivered", { ...about, error });
    }
  }

  /** Sends the state to a receiver, unless it already has it or its pause has not ended. */
  async #deliver(
    { receiver, hash, tracked, answer }: Due,
  ): Promise<Delivery | undefined> {
    const { records, publicUrl } = this.#options;
    const before = await records.read(hash) ?? NEW_RECORD;
    if (!shouldSend(before, tracked)) {
      await records.renew(hash);
      return undefined;
    }
    const attempt = beginAttempt(before, tracked);
    // Stored first: otherwise, while the store refuses writes, every tick would send the message again.
    await records.write(hash, attempt);
    const id = createWebhookId(hash, attempt.attempted);
    const message = composeMessage({ id, transition: attempt.attempted, answer, publicUrl });
    const delivery = await this.#send(receiver, message);
    await this.#record(hash, endAttempt(before, attempt, delivery));
    return delivery;
  }

  async #send(receiver: Receiver, message: WebhookMessage): Promise<Delivery> {
    const { send, signal, onOutcome } = this.#options;
    try {
      const delivery = await send(receiver, message, signal);
      onOutcome(delivery.outcome);
      return delivery;
    } catch (error) {
      onOutcome("failed");
      throw error;
    }
  }

  /** Without its record a message is sent again, with the same id: it is not lost. */
  async #record(hash: string, record: DeliveryRecord): Promise<void> {
    try {
      await this.#options.records.write(hash, record);
    } catch (error) {
      this.#options.log.warn("the end of a delivery was not recorded", { error });
    }
  }
}

/** Tells two receivers of one host apart without their addresses, which are secrets. */
export function nameReceiver({ url }: Receiver, hash: string) {
  return { host: new URL(url).host, webhook: hash.slice(0, NAME_DIGITS) };
}
