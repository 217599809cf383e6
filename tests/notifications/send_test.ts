import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Webhook } from "standardwebhooks";
import { createSender, type SenderOptions } from "../../src/notifications/send.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { recordWaits } from "../helpers/waits.ts";
import { type Treatment, WebhookReceiver } from "../helpers/webhook_receiver.ts";
import { MESSAGE, receiverAt } from "../helpers/webhooks.ts";

const TIME_LIMIT = { timeout: 60_000 };
const SECRET = `whsec_${btoa("a key of exactly 24 byte")}`;

function send(address: string, options: Partial<SenderOptions> = {}) {
  const { signal } = new AbortController();
  return createSender({ clock: Date, ...options })(receiverAt(address), MESSAGE, signal);
}

Deno.test("send() signs what standardwebhooks verifies", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  assertEquals((await send(receiver.url, { secret: SECRET })).outcome, "delivered");
  const { body, headers } = receiver.onlyMessage;
  const { id, type, timestamp, data } = MESSAGE;
  assertEquals(new Webhook(SECRET).verify(body, headers), { type, timestamp, data });
  assertEquals(headers["webhook-id"], id);
  assertEquals(headers["content-type"], "application/json");
});

Deno.test("send() without a secret sends id and time, and no signature", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  await send(receiver.url, { clock: { now: () => 1_625_661_018_370 } });
  const { headers } = receiver.onlyMessage;
  assertEquals(headers["webhook-id"], MESSAGE.id);
  assertEquals(headers["webhook-timestamp"], "1625661018");
  assertEquals(headers["webhook-signature"], undefined);
});

Deno.test(
  "send() authenticates with the user and password of the address",
  TIME_LIMIT,
  async () => {
    await using receiver = await WebhookReceiver.start();
    await send(receiver.url.replace("//", "//user:p%40ss@"));
    assertEquals(receiver.onlyMessage.headers.authorization, `Basic ${btoa("user:p@ss")}`);
  },
);

Deno.test.each<{ title: string; treatment: Treatment; delivery: unknown }>([
  {
    title: "200",
    treatment: { status: 200 },
    delivery: { outcome: "delivered", reason: "answered 200" },
  },
  {
    title: "500",
    treatment: { status: 500 },
    delivery: { outcome: "failed", reason: "answered 500", retryAfterMs: undefined },
  },
  {
    title: "429 with seconds in Retry-After",
    treatment: { status: 429, headers: { "retry-after": "90" } },
    delivery: { outcome: "failed", reason: "answered 429", retryAfterMs: 90_000 },
  },
  {
    title: "503 with a Retry-After of a year",
    treatment: { status: 503, headers: { "retry-after": "31536000" } },
    delivery: { outcome: "failed", reason: "answered 503", retryAfterMs: 3_600_000 },
  },
  {
    title: "302",
    treatment: { status: 302, headers: { location: "/elsewhere" } },
    delivery: { outcome: "failed", reason: "answered 302", retryAfterMs: undefined },
  },
  {
    title: "410",
    treatment: { status: 410 },
    delivery: { outcome: "gone", reason: "answered 410" },
  },
])("send() reports an answer of $title", TIME_LIMIT, async ({ treatment, delivery }) => {
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push(treatment);
  assertEquals<unknown>(await send(receiver.url), delivery);
  assertEquals(receiver.received.length, 1);
});

Deno.test("send() gives up an address that never answers", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push("ignore");
  const delivery = await send(receiver.url, { timeoutMs: 50 });
  const reason = "took more than 50 ms";
  assertEquals(delivery, { outcome: "failed", reason, answerLost: true });
});

Deno.test("send() says who it is, and gives a receiver 15 s", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  using waits = recordWaits();
  await send(receiver.url);
  assertEquals(receiver.onlyMessage.headers["user-agent"], "is-bitcoin-lit");
  assertEquals(waits.limits, [15_000]);
});

Deno.test.each([
  { before: 1_000, outcome: "delivered" },
  { before: 1_024, outcome: "failed" },
])("send() reads 1 KB of an answer: ok after $before bytes", TIME_LIMIT, async (row) => {
  const answer = `{"x":${"1".repeat(row.before - 5)},"ok":true}`;
  await using receiver = serveLocally(() => new Response(answer));
  assertEquals((await send(`telegram+${receiver.url}`)).outcome, row.outcome);
});

Deno.test("send() ends with its signal", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push("ignore");
  const stop = new AbortController();
  const sending = createSender({ clock: Date })(receiverAt(receiver.url), MESSAGE, stop.signal);
  stop.abort();
  const { outcome, answerLost } = await sending;
  assertEquals({ outcome, answerLost }, { outcome: "failed", answerLost: true });
});

Deno.test("send() says that a lost answer may have been a success", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push("drop");
  const { outcome, answerLost } = await send(receiver.url);
  assertEquals({ outcome, answerLost }, { outcome: "failed", answerLost: true });
  assertEquals(receiver.received.length, 1);
});

Deno.test(
  "send() reports that nothing was sent when a connection is refused",
  TIME_LIMIT,
  async () => {
    await using receiver = await WebhookReceiver.start();
    await receiver.goAway();
    const { outcome, answerLost, reason = "" } = await send(receiver.url);
    assertEquals({ outcome, answerLost }, { outcome: "failed", answerLost: false });
    assertMatch(reason, /^can't be reached: .*refused/);
  },
);

Deno.test("send() does not read a body of 10 MB", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push({ status: 200, bytes: 10_000_000 });
  assertEquals((await send(receiver.url)).outcome, "delivered");
  // Buffers of the kernel take some of it; a client that reads takes all.
  assert(receiver.sentBytes < 9_000_000, `sent ${receiver.sentBytes} bytes`);
});

Deno.test("send() names neither path nor password of an address", TIME_LIMIT, async () => {
  await using receiver = await WebhookReceiver.start();
  const address = receiver.url.replace("//", "//user:password@");
  receiver.treatments.push("drop", { status: 500 });
  const deliveries = [await send(address), await send(address)];
  await receiver.goAway();
  deliveries.push(await send(address), await send("https://secret-path.invalid/secret-path"));
  for (const { reason = "" } of deliveries) {
    assertEquals(/secret-path|password/.test(reason), false, reason);
  }
  assertStringIncludes(deliveries.at(-1)?.reason ?? "", "dns error");
});

Deno.test.each([
  { status: 410, delivery: { outcome: "gone", reason: "answered 410" } },
  {
    status: 429,
    delivery: { outcome: "failed", reason: "answered 429", retryAfterMs: 600_000 },
  },
])("send() heeds $status although its body stalls", TIME_LIMIT, async ({ status, delivery }) => {
  const headers = { "retry-after": "600" };
  await using receiver = serveLocally(() =>
    new Response(new ReadableStream(), { status, headers })
  );
  assertEquals<unknown>(await send(receiver.url, { timeoutMs: 2_000 }), delivery);
});

Deno.test("send() waits as the body says when Retry-After is no time", TIME_LIMIT, async () => {
  const init = { status: 429, headers: { "retry-after": "-1" } };
  await using receiver = serveLocally(() => Response.json({ retry_after: 64.57 }, init));
  assertEquals((await send(receiver.url)).retryAfterMs, 65_000);
});
