import { parseRetryAfter } from "../feeds/retry_after.ts";
import type { Clock } from "../samples/clock.ts";
import type { WebhookMessage } from "./message.ts";
import type { Delivery } from "./notification.ts";
import {
  answersInBody,
  composeForm,
  findRetryAfter,
  type Form,
  judgeAnswer,
  type Receiver,
} from "./receivers.ts";

const TIMEOUT_MS = 15_000;

/** More of an answer says nothing that is needed. */
const MAX_READ_BYTES = 1_024;

const USER_AGENT = "is-bitcoin-lit";

/** How messages are sent. */
export interface SenderOptions {
  /** The key of the signatures, `whsec_…` in base64. @default messages are not signed */
  secret?: string | undefined;
  /** How long one delivery may take, in milliseconds. @default 15_000 */
  timeoutMs?: number | undefined;
  clock: Pick<Clock, "now">;
}

/** Sends a message to a receiver once; a failure of either or of the network is a result, not an error. */
export type SendMessage = (
  receiver: Receiver,
  message: WebhookMessage,
  signal: AbortSignal,
) => Promise<Delivery>;

/** Creates a sender of HTTP POST requests in the form that each receiver takes. */
export function createSender(options: SenderOptions): SendMessage {
  return async (receiver, message, signal) => {
    const form = await complete(composeForm(receiver, message), { receiver, ...options });
    return await post(form, { receiver, signal, ...options });
  };
}

interface Post extends SenderOptions {
  readonly receiver: Receiver;
  readonly signal: AbortSignal;
}

async function post(
  { url, body, headers }: Form,
  { receiver, signal, clock, timeoutMs = TIMEOUT_MS }: Post,
): Promise<Delivery> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "user-agent": USER_AGENT, ...headers },
      // A redirect would carry the message and its signature to an address that was not configured.
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    return await toDelivery(receiver, response, clock.now());
  } catch (error) {
    if (timeout.aborted) {
      return { outcome: "failed", reason: `took more than ${timeoutMs} ms`, answerLost: true };
    }
    // Anything else is no failure of the network, and the log must name it.
    if (!(error instanceof TypeError || signal.aborted)) throw error;
    return describeFailure(error);
  }
}

/** Adds what depends on the time: signatures. */
async function complete(
  form: Form,
  { receiver, secret, clock }: SenderOptions & { receiver: Receiver },
): Promise<Form> {
  const time = new Date(clock.now());
  if (receiver.kind === "dingtalk") {
    const key = new URL(receiver.url).searchParams.get("secret");
    if (key === null) return form;
    const { signDingTalk } = await import("./sign.ts");
    return { ...form, url: signDingTalk(form.url, time, key) };
  }
  const id = form.headers["webhook-id"];
  if (id === undefined) return form;
  const timestamp = String(Math.floor(time.getTime() / 1_000));
  const headers = { ...form.headers, "webhook-timestamp": timestamp };
  if (secret === undefined) return { ...form, headers };
  // Loaded when first used: most services have no webhook. Not imported from the package itself,
  // because in a bundle a dynamic import of CommonJS has no named exports.
  const { sign } = await import("./sign.ts");
  const signature = sign({ id, time, body: form.body }, secret);
  return { ...form, headers: { ...headers, "webhook-signature": signature } };
}

async function toDelivery(
  receiver: Receiver,
  response: Response,
  now: number,
): Promise<Delivery> {
  const { status, headers } = response;
  const text = await readReason(receiver, response);
  if (text === "") response.body?.cancel().catch(() => {});
  const judged = judgeAnswer(receiver, { status, text });
  if (judged.outcome !== "failed") return judged;
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), now) ??
    parseRetryAfter(findRetryAfter(text), now);
  return { ...judged, retryAfterMs };
}

/** Reads what the status does not say; a body that stalls hides no status that is the answer. */
async function readReason(receiver: Receiver, response: Response): Promise<string> {
  if (!response.ok) return await readStart(response).catch(() => "");
  return answersInBody(receiver) ? await readStart(response) : "";
}

/** Reads the start of a body, which may be endless. */
async function readStart({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk.subarray(0, MAX_READ_BYTES - bytes), { stream: true });
    bytes += chunk.byteLength;
    if (bytes >= MAX_READ_BYTES) break;
  }
  return text;
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
