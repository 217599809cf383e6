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
