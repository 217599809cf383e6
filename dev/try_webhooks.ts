/**
 * Sends a test message to every address of `WEBHOOK_URLS`, or to those given as arguments, in the form that
 * each receiver would get, and prints what each answered.
 *
 * @module
 */
import { distinctWebhooks, isWebhookSecret, isWebhookUrl } from "../src/config_values.ts";
import type { WebhookMessage } from "../src/notifications/message.ts";
import { nameReceiver } from "../src/notifications/notifier.ts";
import { parseReceiver } from "../src/notifications/receivers.ts";
import { hashAddress } from "../src/notifications/records.ts";
import { createSender } from "../src/notifications/send.ts";
import { answerAt } from "../src/summary/summary.ts";
import type { Summary } from "../src/summary/wire.ts";

const addresses = readAddresses();
const secret = readSecret();
const send = createSender({ clock: Date, secret });
const message = createTestMessage(Date.now());
console.log(
  `Sending a test message, ${secret === undefined ? "not signed" : "signed for programs"}`,
);
const outcomes = await Promise.all(addresses.map(tryAddress));
Deno.exit(outcomes.every((outcome) => outcome === "delivered") ? 0 : 1);

async function tryAddress(address: string): Promise<string> {
  const receiver = parseReceiver(address);
  if (receiver === undefined) throw new TypeError("isWebhookUrl() lets only receivers pass");
  const { outcome, reason } = await send(receiver, message, new AbortController().signal);
  // The rest of an address may be a password.
  const { host, webhook } = nameReceiver(receiver, await hashAddress(receiver.url));
  console.log(`${host} (${receiver.kind}, ${webhook}): ${outcome}: ${reason}`);
  return outcome;
}

/** Creates a message of a type of its own, so that no receiver acts on its made-up data. */
function createTestMessage(now: number): WebhookMessage {
  const timestamp = new Date(now).toISOString();
  const summary: Summary = {
    hourly_average_of_averages: [{ time: timestamp, price: 50_000, sentiment: 0.5 }],
    price_direction: "flat",
    sentiment_direction: "flat",
    as_of: timestamp,
  };
  return {
    id: `msg_test_${crypto.randomUUID()}`,
    type: "bitcoin.test",
    timestamp,
    title: "Is Bitcoin Lit: a test",
    tag: "test_tube",
    texts: {
      "en": "This is a test message from Is Bitcoin Lit.",
      "zh-CN": "这是 Is Bitcoin Lit 的测试消息。",
    },
    link: undefined,
    data: answerAt(summary, now, { feed: "test", staleAfterMs: 60_000 }),
  };
}

function readAddresses(): string[] {
  const given = Deno.args.length > 0
    ? Deno.args
    : Deno.env.get("WEBHOOK_URLS")?.split(/\s+/).filter(Boolean) ?? [];
  if (given.length === 0) fail("WEBHOOK_URLS or an argument must name a webhook, both are empty");
  const wrong = given.findIndex((address) => !isWebhookUrl(address));
  if (wrong >= 0) {
    fail(`Every webhook must be an http:// or https:// URL, number ${wrong + 1} is another text`);
  }
  return distinctWebhooks(given);
}

function readSecret(): string | undefined {
  const secret = Deno.env.get("WEBHOOK_SECRET") || undefined;
  if (secret !== undefined && !isWebhookSecret(secret)) {
    fail(
      "WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64, is a value that is not shown",
    );
  }
  return secret;
}

function fail(reason: string): never {
  console.error(reason);
  Deno.exit(1);
}
