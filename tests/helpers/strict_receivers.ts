import { createHmac } from "node:crypto";
import type { ReceiverKind } from "../../src/notifications/receivers.ts";
import { serveLocally } from "./local_server.ts";

/** What a strict receiver answers; `undefined` is its success. */
type Refusal = { readonly status: number; readonly body: unknown } | undefined;

interface Strictness {
  /** What stands behind the host in its addresses. */
  readonly path: string;
  /** What it answers to what it takes. */
  readonly success: { readonly status: number; readonly body: unknown };
  /** Why it refuses a request; nothing if it takes it. */
  readonly refuse: (request: Request, text: string) => Refusal;
  /** The text for people in a request that it takes. */
  readonly textOf: (text: string) => unknown;
}

const SECRET = "SECdingtalk";

/** How strict each receiver is documented to be. */
export const STRICT: Readonly<Record<Exclude<ReceiverKind, "program">, Strictness>> = {
  slack: {
    path: "/services/T0/B0/token",
    success: { status: 200, body: "ok" },
    refuse: (_, text) => onlyNames(text, ["text"], { status: 400, body: "invalid_payload" }),
    textOf: (text) => JSON.parse(text).text,
  },
  mattermost: {
    path: "/hooks/token",
    success: { status: 200, body: "ok" },
    refuse: (_, text) =>
      "type" in JSON.parse(text) ? { status: 500, body: "unknown type" } : undefined,
    textOf: (text) => JSON.parse(text).text,
  },
  discord: {
    path: "/api/webhooks/1/token",
    success: { status: 204, body: null },
    refuse: (_, text) => {
      const { content } = JSON.parse(text);
      const isFine = typeof content === "string" && content.length > 0 && content.length <= 2_000;
      return isFine ? undefined : { status: 400, body: { code: 50_006 } };
    },
    textOf: (text) => JSON.parse(text).content,
  },
  googlechat: {
    path: "/v1/spaces/A/messages?key=key&token=token",
    success: { status: 200, body: {} },
    refuse: (_, text) => onlyNames(text, ["text"], { status: 400, body: { error: { code: 400 } } }),
    textOf: (text) => JSON.parse(text).text,
  },
  teams: {
    path: "/workflows/id/triggers/manual/paths/invoke?sig=sig",
    success: { status: 202, body: null },
    refuse: (_, text) => {
      const { type, attachments } = JSON.parse(text);
      const [{ contentType = "", content = {} } = {}] = attachments ?? [];
      const isCard = type === "message" && content.type === "AdaptiveCard" &&
        contentType === "application/vnd.microsoft.card.adaptive";
      return isCard ? undefined : { status: 400, body: "no card" };
    },
    textOf: (text) => JSON.parse(text).attachments[0].content.body[0].text,
  },
  ntfy: {
    path: "/topic",
    success: { status: 200, body: { id: "1" } },
    refuse: ({ headers }, text) => {
      const isPlain = headers.get("content-type")?.startsWith("text/plain") &&
        !text.startsWith("{");
      const isTitled = Boolean(headers.get("title") && headers.get("tags"));
      return isPlain && isTitled ? undefined : { status: 400, body: { code: 40_000 } };
    },
    textOf: (text) => text,
  },
  telegram: {
    path: "/bot1:token/sendMessage?chat_id=-1001",
    success: { status: 200, body: { ok: true, result: {} } },
    refuse: ({ url }, text) => {
      const { chat_id, text: shown } = JSON.parse(text);
      const isFine = chat_id === "-1001" && typeof shown === "string" && new URL(url).search === "";
      return isFine ? undefined : { status: 400, body: { ok: false, error_code: 400 } };
    },
    textOf: (text) => JSON.parse(text).text,
  },
  feishu: {
    path: "/open-apis/bot/v2/hook/token",
    success: { status: 200, body: { code: 0, msg: "success" } },
    refuse: (_, text) => {
      const { msg_type, content } = JSON.parse(text);
      const isFine = msg_type === "text" && typeof content?.text === "string";
      return isFine ? undefined : { status: 200, body: { code: 9_499, msg: "Bad Request" } };
    },
    textOf: (text) => JSON.parse(text).content.text,
  },
  dingtalk: {
    path: `/robot/send?access_token=token&secret=${SECRET}`,
    success: { status: 200, body: { errcode: 0, errmsg: "ok" } },
    refuse: ({ url }, text) => {
      const { searchParams } = new URL(url);
      const stamp = searchParams.get("timestamp");
      const sign = createHmac("sha256", SECRET).update(`${stamp}\n${SECRET}`).digest("base64");
      const { msgtype, text: content } = JSON.parse(text);
      const isFine = msgtype === "text" && typeof content?.content === "string" &&
        searchParams.get("sign") === sign && !url.includes(SECRET);
      return isFine ? undefined : { status: 200, body: { errcode: 310_000 } };
    },
    textOf: (text) => JSON.parse(text).text.content,
  },
  wecom: {
    path: "/cgi-bin/webhook/send?key=key",
    success: { status: 200, body: { errcode: 0, errmsg: "ok" } },
    refuse: (_, text) => {
      const { msgtype, text: content } = JSON.parse(text);
      const isFine = msgtype === "text" && typeof content?.content === "string";
      return isFine ? undefined : { status: 200, body: { errcode: 40_008 } };
    },
    textOf: (text) => JSON.parse(text).text.content,
  },
};

/** A receiver that takes only what the real one is documented to take. */
export interface StrictReceiver extends AsyncDisposable {
  /** Its address with the prefix of its kind. */
  readonly address: string;
  /** The texts for people that it took. */
  readonly texts: unknown[];
  /** How many requests it refused by its own rules. */
  readonly refusals: { count: number };
  /** What it answers to the next requests instead, in order. */
  readonly faults: (() => Response | Promise<Response>)[];
}

/** Starts a strict receiver on a free port. */
export function startStrictReceiver(
  kind: Exclude<ReceiverKind, "program">,
): StrictReceiver {
  const { path, success, refuse, textOf } = STRICT[kind];
  const texts: unknown[] = [];
  const refusals = { count: 0 };
  const faults: (() => Response | Promise<Response>)[] = [];
  const server = serveLocally(async (request) => {
    const text = await request.text();
    const refusal = refuse(request, text);
    if (refusal !== undefined) {
      refusals.count++;
      return reply(refusal);
    }
    const fault = faults.shift();
    if (fault !== undefined) return await fault();
    texts.push(textOf(text));
    return reply(success);
  });
  return {
    address: `${kind}+${server.url.replace(/\/$/, "")}${path}`,
    texts,
    refusals,
    faults,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function reply({ status, body }: { readonly status: number; readonly body: unknown }): Response {
  return body === null ? new Response(null, { status }) : Response.json(body, { status });
}

function onlyNames(text: string, names: readonly string[], refusal: Refusal): Refusal {
  const given = Object.keys(JSON.parse(text));
  return given.every((name) => names.includes(name)) ? undefined : refusal;
}
