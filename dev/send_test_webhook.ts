import { distinctUrls } from "../src/config_values.ts";
import { answerAt } from "../src/summary/summary.ts";
import type { Summary } from "../src/summary/wire.ts";
import type { WebhookMessage } from "../src/notifications/message.ts";
import { isWebhookSecret, isWebhookUrl } from "../src/config_values.ts";
import { createSender } from "../src/notifications/send.ts";

// The name must not end in _test.ts: `deno test` would run it.

const addresses = readAddresses();
const secret = readSecret();
const send = createSender({ clock: Date, secret });
const message = createTestMessage(Date.now());
console.log(`Sending a test message, ${secret === undefined ? "not signed" : "signed"}`);
let failures = 0;
for (const address of addresses) {
  const { signal } = new AbortController();
  const { outcome, reason } = await send(address, message, signal);
  if (outcome !== "delivered") failures++;
  // The rest of an address may be a password.
  console.log([new URL(address).host, outcome, reason].filter(Boolean).join(": "));
}
Deno.exit(failures === 0 ? 0 : 1);

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
    text: "This is a test message from Is Bitcoin Lit.",
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
  return distinctUrls(given);
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
