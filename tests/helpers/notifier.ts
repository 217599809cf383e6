import type { DeliveryOutcome } from "../../src/notifications/notification.ts";
import { DeliveryRecords, StateTracker } from "../../src/notifications/records.ts";
import { Notifier, type NotifierOptions } from "../../src/notifications/notifier.ts";
import { createSender } from "../../src/notifications/send.ts";
import { keepLog, type KeptLog } from "./log.ts";
import type { TestRedis } from "./redis.ts";
import { NOW } from "./samples.ts";
import type { WebhookReceiver } from "./webhook_receiver.ts";
import { ANSWERS } from "./webhooks.ts";
import type { State } from "../../src/summary/states.js";

/** Gives up soon on a webhook that does not answer. The default limit suits slow machines better. */
export const IMPATIENT_SEND = createSender({ clock: { now: () => NOW }, timeoutMs: 2_000 });

/** A notifier as in the service, with its log and its outcomes. */
export interface TestNotifier {
  readonly notifier: Notifier;
  readonly log: KeptLog;
  readonly outcomes: readonly DeliveryOutcome[];
}

/** Creates a notifier that sends every state at once; its clock steps on by a minute when read. */
export function createTestNotifier(
  redis: TestRedis,
  receivers: readonly WebhookReceiver[],
  options: Partial<NotifierOptions> = {},
): TestNotifier {
  let now = NOW;
  const log = keepLog();
  const outcomes: DeliveryOutcome[] = [];
  const clock = { now: () => now += 60_000, elapsed: () => now };
  const notifier = new Notifier({
    addresses: receivers.map(({ url }) => url),
    afterMs: 0,
    tracker: new StateTracker(redis.client, `${redis.prefix}:state`),
    records: createRecords(redis),
    send: createSender({ clock }),
    clock,
    log,
    signal: new AbortController().signal,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  });
  return { notifier, log, outcomes };
}

/** Creates the records that notifiers on this Redis share. */
export function createRecords({ client, prefix }: TestRedis): DeliveryRecords {
  return new DeliveryRecords(client, (hash) => `${prefix}:delivered:${hash}`);
}

/** Runs a tick per state. */
export async function tickThrough(notifier: Notifier, states: readonly State[]): Promise<void> {
  for (const state of states) await notifier.tick(ANSWERS[state]);
}
