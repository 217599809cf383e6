import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  composeForm,
  findRetryAfter,
  judgeAnswer,
  parseReceiver,
  type ReceiverKind,
} from "../../src/notifications/receivers.ts";
import { createSender } from "../../src/notifications/send.ts";
import { createTestNotifier, tickThrough } from "../helpers/notifier.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { startStrictReceiver, STRICT } from "../helpers/strict_receivers.ts";
import { MESSAGE, receiverAt } from "../helpers/webhooks.ts";

const TIME_LIMIT = { timeout: 60_000 };
const KINDS = Object.keys(STRICT) as (keyof typeof STRICT)[];
const CHINESE: readonly string[] = ["feishu", "dingtalk", "wecom"];

Deno.test.each<{ address: string; kind: ReceiverKind; url: string }>([
  { address: "https://hooks.slack.com/services/T", kind: "slack", url: "" },
  { address: "https://discord.com/api/webhooks/1/a", kind: "discord", url: "" },
  { address: "https://discordapp.com/api/webhooks/1/a", kind: "discord", url: "" },
  {
    address: "https://chat.googleapis.com/v1/spaces/A/messages?key=k",
    kind: "googlechat",
    url: "",
  },
  { address: "https://acme.webhook.office.com/webhookb2/a", kind: "teams", url: "" },
  {
    address: "https://prod-1.westeurope.logic.azure.com:443/x",
    kind: "teams",
    url: "https://prod-1.westeurope.logic.azure.com/x",
  },
  { address: "https://a.b.api.powerplatform.com/x", kind: "teams", url: "" },
  { address: "https://ntfy.sh/lit", kind: "ntfy", url: "" },
  { address: "https://api.telegram.org/bot1:a/sendMessage?chat_id=1", kind: "telegram", url: "" },
  { address: "https://open.feishu.cn/open-apis/bot/v2/hook/a", kind: "feishu", url: "" },
  { address: "https://open.larksuite.com/open-apis/bot/v2/hook/a", kind: "feishu", url: "" },
  { address: "https://oapi.dingtalk.com/robot/send?access_token=a", kind: "dingtalk", url: "" },
  { address: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a", kind: "wecom", url: "" },
  { address: "https://hooks.slack.com.example/x", kind: "program", url: "" },
  { address: "https://example.com/hook", kind: "program", url: "" },
  {
    address: "mattermost+https://chat.example.com/hooks/a#b",
    kind: "mattermost",
    url: "https://chat.example.com/hooks/a",
  },
  { address: "ntfy+http://127.0.0.1:8080/lit", kind: "ntfy", url: "http://127.0.0.1:8080/lit" },
  { address: "TEAMS+HTTPS://EXAMPLE.com/x/../y", kind: "teams", url: "https://example.com/y" },
])("parseReceiver() knows $address as $kind", TIME_LIMIT, ({ address, kind, url }) => {
  assertEquals(parseReceiver(address), { kind, url: url || address });
});

Deno.test.each([
  { address: "ftp://example.com/" },
  { address: "pager+https://example.com/" },
  { address: "program+https://example.com/" },
  { address: "constructor+https://example.com/" },
  { address: "https://" },
  { address: "+https://example.com/" },
])("parseReceiver() refuses $address", TIME_LIMIT, ({ address }) => {
  assertEquals(parseReceiver(address), undefined);
});

const JSON_TYPE = { "content-type": "application/json" };

/** A message whose text has what Slack and Mattermost read as markup. */
const SPECIAL_MESSAGE = {
  ...MESSAGE,
  texts: { "en": "a < b > c & d", "zh-CN": "火 < 了" },
  link: "https://lit.example/",
};
const { texts: { en: TEXT, "zh-CN": CHINESE_TEXT }, link: LINK } = SPECIAL_MESSAGE;

Deno.test.each<{ address: string; body: unknown; headers?: Record<string, string>; sent?: string }>(
  [
    {
      address: "https://example.com/hook",
      headers: { ...JSON_TYPE, "webhook-id": MESSAGE.id },
      body: { type: "bitcoin.lit", timestamp: MESSAGE.timestamp, data: MESSAGE.data },
    },
    { address: "https://hooks.slack.com/a", body: { text: "a &lt; b &gt; c &amp; d" } },
    {
      address: "mattermost+https://example.com/a",
      sent: "https://example.com/a",
      body: { text: "a &lt; b &gt; c &amp; d" },
    },
    { address: "https://discord.com/api/webhooks/1/a", body: { content: TEXT } },
    { address: "https://chat.googleapis.com/v1/a", body: { text: TEXT } },
    {
      address: "https://acme.webhook.office.com/a",
      body: {
        type: "message",
        attachments: [{
          contentType: "application/vnd.microsoft.card.adaptive",
          content: {
            $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
            type: "AdaptiveCard",
            version: "1.4",
            body: [{ type: "TextBlock", text: TEXT, wrap: true }],
            actions: [{ type: "Action.OpenUrl", title: "Is Bitcoin Lit", url: LINK }],
          },
        }],
      },
    },
    {
      address: "https://ntfy.sh/lit",
      headers: {
        "content-type": "text/plain; charset=utf-8",
        title: "Bitcoin is lit",
        tags: "fire",
        click: LINK,
      },
      body: TEXT,
    },
    {
      address: "https://api.telegram.org/bot1:a/sendMessage?chat_id=1&message_thread_id=2",
      sent: "https://api.telegram.org/bot1:a/sendMessage",
      body: { chat_id: "1", message_thread_id: "2", text: TEXT },
    },
    {
      address: "https://open.feishu.cn/a",
      body: { msg_type: "text", content: { text: CHINESE_TEXT } },
    },
    {
      address: "https://open.larksuite.com/a",
      body: { msg_type: "text", content: { text: TEXT } },
    },
    {
      address: "https://oapi.dingtalk.com/robot/send?access_token=a&secret=b",
      sent: "https://oapi.dingtalk.com/robot/send?access_token=a",
      body: { msgtype: "text", text: { content: CHINESE_TEXT } },
    },
    {
      address: "https://qyapi.weixin.qq.com/a",
      body: { msgtype: "text", text: { content: CHINESE_TEXT } },
    },
  ],
)("composeForm() gives $address what it accepts", TIME_LIMIT, (row) => {
  const { address, sent = address, body, headers = JSON_TYPE } = row;
  const form = composeForm(receiverAt(address), SPECIAL_MESSAGE);
  assertEquals(form.url.href, sent);
  assertEquals(form.headers, headers);
  assertEquals(typeof body === "string" ? form.body : JSON.parse(form.body), body);
});

for (const kind of KINDS) {
  Deno.test(`${kind} takes every state, in order, each once`, TIME_LIMIT, async () => {
    await using redis = await startTestRedis();
    await using receiver = startStrictReceiver(kind);
    const { notifier } = createTestNotifier(redis, [], { addresses: [receiver.address] });
    await tickThrough(notifier, ["lit", "lit", "unlit", "stale", "lit"]);
    assertEquals(receiver.refusals.count, 0);
    const expected = CHINESE.includes(kind)
      ? ["比特币火了", "比特币没火", "暂时无法判断", "比特币火了"]
      : ["Bitcoin is lit", "Bitcoin is not lit", "It is unknown", "Bitcoin is lit"];
    assertEquals(receiver.texts.length, expected.length);
    expected.forEach((text, i) => assertStringIncludes(String(receiver.texts[i]), text));
  });
}

Deno.test.each<{ kind: keyof typeof STRICT; title: string; fault: () => Response }>([
  { kind: "telegram", title: "ok: false", fault: () => Response.json({ ok: false }) },
  { kind: "telegram", title: "no JSON", fault: () => new Response("busy") },
  { kind: "feishu", title: "code 11232", fault: () => Response.json({ code: 11_232 }) },
  { kind: "dingtalk", title: "errcode 130101", fault: () => Response.json({ errcode: 130_101 }) },
  { kind: "wecom", title: "errcode 45009", fault: () => Response.json({ errcode: 45_009 }) },
])("$kind that answers 200 with $title is asked again", TIME_LIMIT, async ({ kind, fault }) => {
  await using redis = await startTestRedis();
  await using receiver = startStrictReceiver(kind);
  receiver.faults.push(fault);
  const { notifier, outcomes, log } = createTestNotifier(redis, [], {
    addresses: [receiver.address],
  });
  await tickThrough(notifier, ["lit", "lit", "lit"]);
  assertEquals(receiver.texts.length, 1);
  assertEquals(outcomes, ["failed", "delivered"]);
  assertEquals(JSON.stringify(log.lines).includes("token"), false);
});

Deno.test("Telegram that repeats a long message is told once", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = startStrictReceiver("telegram");
  const result = { message_id: 7, text: '"ok":false, é'.repeat(100) };
  receiver.faults.push(() => Response.json({ ok: true, result }));
  const { notifier, outcomes } = createTestNotifier(redis, [], { addresses: [receiver.address] });
  await tickThrough(notifier, ["lit", "lit", "lit"]);
  assertEquals({ outcomes, texts: receiver.texts }, { outcomes: ["delivered"], texts: [] });
});

Deno.test(
  "Discord that does not know a webhook any more is not asked again",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = startStrictReceiver("discord");
    receiver.faults.push(() => Response.json({ code: 10_015 }, { status: 404 }));
    const { notifier, outcomes } = createTestNotifier(redis, [], { addresses: [receiver.address] });
    await tickThrough(notifier, ["lit", "lit", "unlit", "unlit"]);
    assertEquals({ outcomes, texts: receiver.texts }, { outcomes: ["gone"], texts: [] });
  },
);

Deno.test("all receivers get each state once, also from two instances", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  const receivers = KINDS.map((kind) => startStrictReceiver(kind));
  const addresses = receivers.map(({ address }) => address);
  const limited = () => new Response(null, { status: 429, headers: { "retry-after": "45.2" } });
  for (const receiver of receivers.slice(0, 3)) receiver.faults.push(limited);
  try {
    const { notifier: first } = createTestNotifier(redis, [], { addresses });
    const { notifier: second } = createTestNotifier(redis, [], { addresses });
    await tickThrough(first, ["lit", "lit", "lit"]);
    await tickThrough(second, ["lit", "unlit"]);
    await tickThrough(first, ["unlit", "lit"]);
    for (const { texts } of receivers) assertEquals(texts.length, 3);
  } finally {
    for (const receiver of receivers) await receiver[Symbol.asyncDispose]();
  }
});

Deno.test("a receiver that answers late is not sent the message twice", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = startStrictReceiver("wecom");
  const { promise, resolve } = Promise.withResolvers<Response>();
  receiver.faults.push(() => promise);
  const { notifier, outcomes } = createTestNotifier(redis, [], { addresses: [receiver.address] });
  const ticking = tickThrough(notifier, ["lit"]);
  resolve(Response.json({ errcode: 0 }));
  await ticking;
  await tickThrough(notifier, ["lit", "lit"]);
  assertEquals({ outcomes, texts: receiver.texts }, { outcomes: ["delivered"], texts: [] });
});

Deno.test("send() reads at most the start of an answer that never ends", TIME_LIMIT, async () => {
  await using receiver = startStrictReceiver("telegram");
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent++;
      controller.enqueue(new Uint8Array(1_024).fill(32));
    },
  });
  receiver.faults.push(() => new Response(endless));
  const { outcome } = await createSender({ clock: Date })(
    receiverAt(receiver.address),
    MESSAGE,
    new AbortController().signal,
  );
  assertEquals(outcome, "failed");
  assert(sent < 10_000, `sent ${sent} KB`);
});

Deno.test("judgeAnswer() takes 404 for gone only at Discord", TIME_LIMIT, () => {
  const judge = (kind: ReceiverKind, status: number) =>
    judgeAnswer({ kind, url: "https://example.com/" }, { status, text: "" }).outcome;
  assertEquals([judge("discord", 404), judge("slack", 404)], ["gone", "failed"]);
  assertEquals([judge("discord", 410), judge("slack", 410)], ["gone", "gone"]);
});

Deno.test.each<{ kind: ReceiverKind; text: string; outcome: string }>([
  { kind: "telegram", text: '{"ok":true,"result":{"text":"It', outcome: "delivered" },
  { kind: "telegram", text: '{"ok":false,"x":{"ok":true,"y', outcome: "failed" },
  { kind: "telegram", text: '{ "ok" : tru', outcome: "failed" },
  { kind: "telegram", text: '<script>{"ok":true}', outcome: "failed" },
  { kind: "feishu", text: '{"code":19024,"msg":"Key Words', outcome: "failed" },
  { kind: "feishu", text: '{"code":0,"msg":"suc', outcome: "delivered" },
  { kind: "wecom", text: '{"errcode":-1,"errmsg":"bu', outcome: "failed" },
  { kind: "dingtalk", text: '{"errcode":0,"errmsg":"\\"errcode\\":1,', outcome: "delivered" },
])("judgeAnswer() takes the start $text for $outcome", TIME_LIMIT, ({ kind, text, outcome }) => {
  const receiver = { kind, url: "https://example.com/" };
  assertEquals(judgeAnswer(receiver, { status: 200, text }).outcome, outcome);
});

Deno.test.each([
  { text: '{"ok":false,"parameters":{"retry_after":30},"x":"', seconds: "30" },
  { text: '{"retry_after":0.75}', seconds: "0.75" },
  { text: '{"ok":false,"parameters":{"retry_after":30}}', seconds: "30" },
  { text: '{"retry_after":"30"}', seconds: null },
  { text: "[]", seconds: null },
  { text: "null", seconds: null },
  { text: "busy", seconds: null },
])("findRetryAfter() reads $seconds from $text", TIME_LIMIT, ({ text, seconds }) => {
  assertEquals(findRetryAfter(text), seconds);
});
