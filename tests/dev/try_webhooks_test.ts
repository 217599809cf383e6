import { assertEquals, assertMatch } from "@std/assert";
import { Webhook } from "standardwebhooks";
import { runTask } from "../helpers/process.ts";
import { startStrictReceiver } from "../helpers/strict_receivers.ts";
import { WebhookReceiver } from "../helpers/webhook_receiver.ts";

const TIME_LIMIT = { timeout: 60_000 };
const SECRET = `whsec_${new Uint8Array(24).toBase64()}`;

async function runWebhookTest(environment: Record<string, string>, args: readonly string[] = []) {
  const run = runTask("webhook-test", environment, { args });
  return { code: await run.ended, output: run.output() };
}

Deno.test("webhook-test sends a signed message to every webhook", TIME_LIMIT, async () => {
  await using first = await WebhookReceiver.start();
  await using second = await WebhookReceiver.start();
  const { code, output } = await runWebhookTest({
    WEBHOOK_URLS: `${first.url} ${second.url} ${first.url}#again`,
    WEBHOOK_SECRET: SECRET,
  });
  assertEquals({ code, leaks: output.includes("secret-path") }, { code: 0, leaks: false });
  for (const receiver of [first, second]) {
    const { body, headers } = receiver.onlyMessage;
    new Webhook(SECRET).verify(body, headers);
    assertMatch(output, lineOf(receiver, "program", "delivered: answered 204"));
  }
});

Deno.test("webhook-test fails when a webhook refuses the message", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push({ status: 403 });
  const { code, output } = await runWebhookTest({}, [receiver.url]);
  assertEquals(code, 1);
  assertMatch(output, lineOf(receiver, "program", "failed: answered 403"));
});

Deno.test("webhook-test sends each receiver its own form", TIME_LIMIT, async () => {
  await using chat = startStrictReceiver("mattermost");
  await using robot = startStrictReceiver("dingtalk");
  const { code, output } = await runWebhookTest({
    WEBHOOK_URLS: `${chat.address} ${robot.address}`,
  });
  assertEquals({ code, leaks: /token|SEC/.test(output) }, { code: 0, leaks: false });
  assertEquals(chat.texts, ["This is a test message from Is Bitcoin Lit."]);
  assertEquals(robot.texts, ["这是 Is Bitcoin Lit 的测试消息。"]);
});

function lineOf(receiver: WebhookReceiver, kind: string, end: string): RegExp {
  return new RegExp(
    `^${RegExp.escape(new URL(receiver.url).host)} \\(${kind}, [0-9a-f]{6}\\): ${end}$`,
    "m",
  );
}

Deno.test.each([
  {
    title: "webhook",
    environment: {},
    message: "WEBHOOK_URLS or an argument must name a webhook, both are empty",
  },
  {
    title: "valid URL",
    environment: { WEBHOOK_URLS: "https://hooks.example/ hooks.example/token" },
    message: "Every webhook must be an http:// or https:// URL, number 2 is another text",
  },
  {
    title: "valid secret",
    environment: { WEBHOOK_URLS: "https://hooks.example/", WEBHOOK_SECRET: "token" },
    message:
      "WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64, is a value that is not shown",
  },
])("webhook-test without a $title says what it needs", TIME_LIMIT, async (
  { environment, message },
) => {
  assertEquals(await runWebhookTest(environment), { code: 1, output: `${message}\n` });
});
