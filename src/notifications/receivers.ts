import type { Delivery } from "./notification.ts";
import type { WebhookMessage } from "./message.ts";

/** What a receiver is sent; the address is complete but for a signature. */
export interface Form {
  readonly url: URL;
  readonly body: string;
  /** Names in lower case; values in ASCII. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A kind of receiver: what it accepts, and what it calls a failure. */
interface Kind {
  readonly compose: (message: WebhookMessage, url: URL) => Form;
  /** Finds the error inside an answer with status 2xx. @default the status is the answer */
  readonly findError?: (answer: Readonly<Record<string, unknown>>) => string | undefined;
  /** The statuses of an address that is gone. @default 410 */
  readonly goneStatuses?: readonly number[];
}

const KINDS = {
  /** Any program: Standard Webhooks. */
  program: {
    compose: ({ id, type, timestamp, data }, url) => ({
      ...json(url, { type, timestamp, data }),
      headers: { "content-type": "application/json", "webhook-id": id },
    }),
  },
  /** Rocket.Chat, too. */
  slack: { compose: ({ texts }, url) => json(url, { text: escapeMarkup(texts.en) }) },
  /** Answers 500 to a body whose `type` it does not know. */
  mattermost: { compose: ({ texts }, url) => json(url, { text: escapeMarkup(texts.en) }) },
  discord: {
    compose: ({ texts }, url) => json(url, { content: texts.en }),
    goneStatuses: [404, 410],
  },
  /** Answers 400 to names that it does not know. */
  googlechat: { compose: ({ texts }, url) => json(url, { text: texts.en }) },
  teams: { compose: (message, url) => json(url, createCard(message)) },
  ntfy: { compose: composeNtfy },
  telegram: {
    compose: composeTelegram,
    findError: ({ ok, error_code }) => ok === true ? undefined : `error_code ${error_code}`,
  },
  feishu: {
    compose: ({ texts }, url) =>
      json(url, { msg_type: "text", content: { text: textFor(url, texts) } }),
    findError: ({ code }) => describeCode("code", code),
  },
  dingtalk: { compose: composeDingTalk, findError: ({ errcode }) => describeErrcode(errcode) },
  wecom: {
    compose: ({ texts }, url) => json(url, { msgtype: "text", text: { content: texts["zh-CN"] } }),
    findError: ({ errcode }) => describeErrcode(errcode),
  },
} as const satisfies Record<string, Kind>;

/** The name of a kind of receiver. */
export type ReceiverKind = keyof typeof KINDS;

/** The kinds that a prefix of an address can choose, as in `mattermost+https://…`. */
const PREFIXES = (Object.keys(KINDS) as ReceiverKind[]).filter((it) => it !== "program");

const HOSTS: readonly (readonly [RegExp, ReceiverKind])[] = [
  [/^hooks\.slack\.com$/, "slack"],
  [/^(?:[\w-]+\.)?discord(?:app)?\.com$/, "discord"],
  [/^chat\.googleapis\.com$/, "googlechat"],
  [/\.(?:webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)$/, "teams"],
  [/^ntfy\.sh$/, "ntfy"],
  [/^api\.telegram\.org$/, "telegram"],
  [/^open\.(?:feishu\.cn|larksuite\.com)$/, "feishu"],
  [/^oapi\.dingtalk\.com$/, "dingtalk"],
  [/^qyapi\.weixin\.qq\.com$/, "wecom"],
];

/** A webhook's receiver. */
export interface Receiver {
  readonly kind: ReceiverKind;
  /** The address in its standard spelling, without prefix and fragment: a secret. */
  readonly url: string;
}

/** Reads a webhook's address, perhaps after the prefix of a kind; `undefined` if it is none. */
export function parseReceiver(address: string): Receiver | undefined {
  const [, prefix, rest = ""] = /^(?:([a-z]+)\+)?(https?:\/\/\S+)$/i.exec(address) ?? [];
  const url = URL.parse(rest);
  if (url === null || url.hostname === "") return undefined;
  url.hash = "";
  const named = PREFIXES.find((kind) => kind === prefix?.toLowerCase());
  if (prefix !== undefined && named === undefined) return undefined;
  return { kind: named ?? kindOfHost(url.hostname), url: url.href };
}

/** Composes what a receiver is sent. */
export function composeForm({ kind, url }: Receiver, message: WebhookMessage): Form {
  return KINDS[kind].compose(message, new URL(url));
}

/** Whether an answer with status 2xx can still be a failure, so that its body must be read. */
export function answersInBody({ kind }: Receiver): boolean {
  return kindOf(kind).findError !== undefined;
}

/** How an answer ends a delivery; `text` is the body, or its start. */
export function judgeAnswer(
  { kind }: Receiver,
  { status, text }: { readonly status: number; readonly text: string },
): Pick<Delivery, "outcome" | "reason"> {
  const { findError, goneStatuses = [410] } = kindOf(kind);
  const reason = `answered ${status}`;
  if (goneStatuses.includes(status)) return { outcome: "gone", reason };
  if (status < 200 || status > 299) return { outcome: "failed", reason };
  const error = findError?.(parseObject(text));
  if (error !== undefined) return { outcome: "failed", reason: `${reason} with ${error}` };
  return { outcome: "delivered", reason };
}

/** The seconds to wait that a body names, as a text; Discord and Telegram have them there. */
export function findRetryAfter(text: string): string | null {
  const { retry_after, parameters } = parseObject(text);
  const nested = isObject(parameters) ? parameters.retry_after : undefined;
  const seconds = retry_after ?? nested;
  return typeof seconds === "number" ? String(seconds) : null;
}

function kindOf(name: ReceiverKind): Kind {
  return KINDS[name];
}

function kindOfHost(hostname: string): ReceiverKind {
  return HOSTS.find(([pattern]) => pattern.test(hostname))?.[1] ?? "program";
}

function json(url: URL, body: unknown): Form {
  return { url, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

/** Slack and Mattermost read these as the start of links and mentions. */
function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Lark is Feishu outside of China. */
function textFor({ hostname }: URL, texts: WebhookMessage["texts"]): string {
  return hostname.endsWith("larksuite.com") ? texts.en : texts["zh-CN"];
}

function createCard({ texts, link }: WebhookMessage): unknown {
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [{ type: "TextBlock", text: texts.en, wrap: true }],
    ...link !== undefined && {
      actions: [{ type: "Action.OpenUrl", title: "Is Bitcoin Lit", url: link }],
    },
  };
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }],
  };
}

function composeNtfy({ texts, title, tag, link }: WebhookMessage, url: URL): Form {
  return {
    url,
    body: texts.en,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      title,
      tags: tag,
      ...link !== undefined && { click: new URL(link).href },
    },
  };
}

/** `chat_id` stands in the address, beside what else Telegram takes, such as `message_thread_id`. */
function composeTelegram({ texts }: WebhookMessage, url: URL): Form {
  const parameters = Object.fromEntries(url.searchParams);
  url.search = "";
  return json(url, { ...parameters, text: texts.en });
}

/** The secret only signs: it is never sent. */
function composeDingTalk({ texts }: WebhookMessage, url: URL): Form {
  url.searchParams.delete("secret");
  return json(url, { msgtype: "text", text: { content: texts["zh-CN"] } });
}

function describeErrcode(errcode: unknown): string | undefined {
  return describeCode("errcode", errcode);
}

/** An answer without a code is a success by its status. */
function describeCode(name: string, code: unknown): string | undefined {
  return code === undefined || code === 0 ? undefined : `${name} ${String(code).slice(0, 20)}`;
}

/** Parses an answer; Telegram's repeats the message, so that its end may not have been read. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return text.startsWith("{") ? parseStart(text) : {};
  }
}

/** Reads the flags and numbers in the start of an object; of equal names, the first. */
function parseStart(text: string): Record<string, unknown> {
  const members = text.matchAll(/"(\w+)"\s*:\s*(true|false|-?\d+(?:\.\d+)?)(?=\s*[,}])/g)
    .map(([, name = "", value]) => [name, value === "true" || value !== "false" && Number(value)]);
  return Object.fromEntries([...members].reverse());
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
