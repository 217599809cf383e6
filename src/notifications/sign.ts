import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** What a signature covers. */
export interface SignedContent {
  readonly id: string;
  readonly time: Date;
  readonly body: string;
}

/** Returns the `webhook-signature` by a secret that starts with `whsec_`. */
export function sign({ id, time, body }: SignedContent, secret: string): string {
  return new Webhook(secret).sign(id, time, body);
}

/** Adds DingTalk's signature to an address: its robots take a message only within an hour of `time`. */
export function signDingTalk(url: URL, time: Date, secret: string): URL {
  const timestamp = String(time.getTime());
  const signature = createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64");
  const signed = new URL(url);
  signed.searchParams.set("timestamp", timestamp);
  signed.searchParams.set("sign", signature);
  return signed;
}
