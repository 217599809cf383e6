import { assertEquals } from "@std/assert";
import { Webhook } from "standardwebhooks";
import { isWebhookSecret, isWebhookUrl } from "../src/config_values.ts";

const TIME_LIMIT = { timeout: 60_000 };

function secretOf(bytes: number): string {
  return `whsec_${new Uint8Array(bytes).fill(255).toBase64()}`;
}

Deno.test.each([
  { title: "24 bytes", secret: secretOf(24), expected: true },
  { title: "25 bytes", secret: secretOf(25), expected: true },
  { title: "64 bytes", secret: secretOf(64), expected: true },
  { title: "23 bytes", secret: secretOf(23), expected: false },
  { title: "65 bytes", secret: secretOf(65), expected: false },
  { title: "no prefix", secret: secretOf(24).slice(6), expected: false },
  { title: "no base64", secret: secretOf(24).replace("/", "-"), expected: false },
  { title: "no padding", secret: secretOf(25).replace("==", ""), expected: false },
])("isWebhookSecret() is $expected for $title", TIME_LIMIT, ({ secret, expected }) => {
  assertEquals(isWebhookSecret(secret), expected);
  // What is accepted must be a key for the library that signs.
  if (expected) new Webhook(secret);
});

Deno.test.each([
  { text: "https://hooks.example/a?b=c", expected: true },
  { text: "http://user:password@127.0.0.1:8080", expected: true },
  { text: "ftp://hooks.example/", expected: false },
  { text: "hooks.example", expected: false },
  { text: "", expected: false },
])("isWebhookUrl() is $expected for '$text'", TIME_LIMIT, ({ text, expected }) => {
  assertEquals(isWebhookUrl(text), expected);
});
