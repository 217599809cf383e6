import type { Config } from "../config.ts";
import { contain } from "../contain.ts";
import type { Tally } from "../observe/tally.ts";
import { Notifier } from "../notifications/notifier.ts";
import { createSender } from "../notifications/send.ts";
import type { CompleteParts } from "./parts.ts";
import type { Store } from "./store.ts";

/** What the notifier is built from. */
export interface NotifierWiring {
  config: Config;
  parts: CompleteParts;
  store: Store;
  tally: Tally;
  /** Ends deliveries. */
  signal: AbortSignal;
}

/** Creates the notifier that sends the state to webhooks. */
export function createNotifier(wiring: NotifierWiring): Notifier {
  const { config, parts, store, tally, signal } = wiring;
  const { clock, log, webhookTimeoutMs: timeoutMs } = parts;
  return new Notifier({
    addresses: config.webhookUrls,
    afterMs: config.webhookAfterMs,
    publicUrl: config.publicUrl,
    tracker: store.states,
    records: store.deliveries,
    send: createSender({ clock, secret: config.webhookSecret, timeoutMs }),
    clock,
    log,
    signal,
    onOutcome: contain("count a delivery", (outcome) => tally.countWebhook(outcome), log),
  });
}
