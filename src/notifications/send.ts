import { parseRetryAfter } from "../feeds/retry_after.ts";
import type { Clock } from "../samples/clock.ts";
import type { WebhookMessage } from "./message.ts";
import type { Delivery } from "./notification.ts";

const TIMEOUT_MS = 15_000;

const USER_AGENT = "is-bitcoin-lit";

/** How messages are sent. */
export interface SenderOptions {
  /** The key of the signatures, `whsec_…` in base64. @default messages are not signed */
  secret?: string | undefined;
  /** How long one delivery may take, in milliseconds. @default 15_000 */
  timeoutMs?: number | undefined;
  clock: Pick<Clock, "now">;
}

/** Sends a message to an address once; a failure of either or of the network is a result, not an error. */
export type SendMessage = (
  address: string,
  message: WebhookMessage,
  signal: AbortSignal,
) => Promise<Delivery>;

/** Creates a sender of HTTP POST requests that follow Standard Webhooks. */
export function createSender(options: SenderOptions): SendMessage {
  return (address, message, signal) => post(address, { message, signal, ...options });
}

interface Post extends SenderOptions {
  readonly message: WebhookMessage;
  readonly signal: AbortSignal;
}

async function post(address: string, options: Post): Promise<Delivery> {
  const { signal, clock, timeoutMs = TIMEOUT_MS } = options;
  const body = renderBody(options.message);
  const headers = await createHeaders(body, options);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      method: "POST",
      body,
      headers,
      // A redirect would carry the message and its signature to an address that was not configured.
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    // The status is the answer whatever the body does. It may be endless, so none of it is read.
    response.body?.cancel().catch(() => {});
    return toDelivery(response, clock.now());
  } catch (error) {
    if (timeout.aborted) {
      return { outcome: "failed", reason: `took more than ${timeoutMs} ms`, answerLost: true };
    }
    // Anything else is no failure of the network, and the log must name it.
    if (!(error instanceof TypeError || signal.aborted)) throw error;
    return describeFailure(error);
  }
}

/** Slack and Mattermost read `text`, Discord reads `content`; each ignores the other fields. */
function renderBody({ type, timestamp, data, text }: WebhookMessage): string {
  return JSON.stringify({ type, timestamp, data, text, content: text });
}

async function createHeaders(
  body: string,
  { message: { id }, secret, clock }: Post,
): Promise<Record<string, string>> {
  const time = new Date(clock.now());
  const headers = {
    "content-type": "application/json",
    "user-agent": USER_AGENT,
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(time.getTime() / 1_000)),
  };
  if (secret === undefined) return headers;
  // Loaded when first used: most services have no webhook. Not imported from the package itself,
  // because in a bundle a dynamic import of CommonJS has no named exports.
  const { sign } = await import("./sign.ts");
  return { ...headers, "webhook-signature": sign({ id, time, body }, secret) };
}

function toDelivery({ status, ok, headers }: Response, now: number): Delivery {
  if (ok) return { outcome: "delivered" };
  const reason = `answered ${status}`;
  if (status === 410) return { outcome: "gone", reason };
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), now);
  return { outcome: "failed", reason, retryAfterMs };
}

/** Describes an error of `fetch`, whose message contains the address. */
function describeFailure(error: unknown): Delivery {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
  const [, phase, detail = "no answer"] = /.*client error \((\w+)\): (.*)$/s.exec(cause) ?? [];
  return {
    outcome: "failed",
    reason: `can't be reached: ${detail}`,
    // Without a connection nothing was sent; in any other case the message may have arrived.
    answerLost: phase !== "Connect",
  };
}
