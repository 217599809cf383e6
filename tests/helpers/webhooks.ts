import { answerAt } from "../../src/summary/summary.ts";
import { NOW, RISING_SUMMARY } from "./samples.ts";
import type { WebhookMessage } from "../../src/notifications/message.ts";
import { parseReceiver, type Receiver } from "../../src/notifications/receivers.ts";
import type { Answer } from "../../src/summary/wire.ts";

const HOUR_MS = 3_600_000;

/** An answer that is lit. */
export const RISING_ANSWER: Answer = answerAt(RISING_SUMMARY, NOW, {
  feed: "test",
  staleAfterMs: HOUR_MS,
});

/** An answer per state. */
export const ANSWERS = {
  lit: RISING_ANSWER,
  unlit: { ...RISING_ANSWER, lit: false, price_direction: "falling" },
  stale: { ...RISING_ANSWER, lit: false, stale: true },
} satisfies Record<string, Answer>;

/** A message about {@linkcode RISING_ANSWER}. */
export const MESSAGE: WebhookMessage = {
  id: "msg_0123456789abcdef_lit_1625661018370",
  type: "bitcoin.lit",
  timestamp: "2021-07-07T12:30:18.370Z",
  title: "Bitcoin is lit",
  tag: "fire",
  texts: { "en": "Bitcoin is lit.", "zh-CN": "比特币火了。" },
  link: undefined,
  data: RISING_ANSWER,
};

/** Reads the address of a webhook that is one. */
export function receiverAt(address: string): Receiver {
  const receiver = parseReceiver(address);
  if (receiver === undefined) throw new TypeError(`${address} must be the address of a webhook`);
  return receiver;
}
