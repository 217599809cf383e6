const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;

/** Returns whether a text is a webhook's address: an http:// or https:// URL. */
export function isWebhookUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}

/** Returns whether a text is a secret of Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
export function isWebhookSecret(text: string): boolean {
  const [, key = ""] = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/
    .exec(text) ?? [];
  const bytes = key.replace(/=+$/, "").length * 3 >> 2;
  return bytes >= MIN_KEY_BYTES && bytes <= MAX_KEY_BYTES;
}
