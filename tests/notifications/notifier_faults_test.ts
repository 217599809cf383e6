import { assertEquals } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import {
  createRecords,
  createTestNotifier,
  IMPATIENT_SEND,
  tickThrough,
} from "../helpers/notifier.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { WebhookReceiver } from "../helpers/webhook_receiver.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test(
  "Notifier.tick() sends the current state to an address that is back",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using away = await WebhookReceiver.start();
    await using present = await WebhookReceiver.start();
    const { notifier, outcomes } = createTestNotifier(redis, [away, present]);
    await tickThrough(notifier, ["unlit"]);
    await away.goAway();
    await tickThrough(notifier, ["lit", "unlit", "lit"]);
    await away.comeBack();
    await tickThrough(notifier, ["lit", "lit", "lit"]);
    assertEquals(away.types, ["bitcoin.unlit", "bitcoin.lit"]);
    const all = ["bitcoin.unlit", "bitcoin.lit", "bitcoin.unlit", "bitcoin.lit"];
    assertEquals(present.types, all);
    assertEquals(outcomes.filter((outcome) => outcome === "failed").length, 2);
  },
);

Deno.test(
  "Notifier.tick() skips a flip that ended while the address was away",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier } = createTestNotifier(redis, [receiver]);
    await tickThrough(notifier, ["unlit"]);
    await receiver.goAway();
    await tickThrough(notifier, ["lit", "unlit"]);
    await receiver.comeBack();
    await tickThrough(notifier, ["unlit", "unlit", "unlit"]);
    assertEquals(receiver.types, ["bitcoin.unlit"]);
  },
);

Deno.test(
  "Notifier.tick() repeats a message with its id after a lost answer",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    receiver.treatments.push("drop", "ignore");
    const { notifier } = createTestNotifier(redis, [receiver], { send: IMPATIENT_SEND });
    await tickThrough(notifier, Array(8).fill("lit"));
    assertEquals(receiver.types, Array(3).fill("bitcoin.lit"));
    assertEquals(new Set(receiver.ids).size, 1);
  },
);

Deno.test(
  "Notifier.tick() corrects an address that received a state without answering",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier } = createTestNotifier(redis, [receiver]);
    await tickThrough(notifier, ["unlit"]);
    receiver.treatments.push("drop");
    await tickThrough(notifier, ["lit", "unlit"]);
    assertEquals(receiver.types, ["bitcoin.unlit", "bitcoin.lit", "bitcoin.unlit"]);
    assertEquals(new Set(receiver.ids).size, 3);
  },
);

Deno.test("Notifier.tick() repeats a message with its id after a crash", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  // The crash: the second write of a record, which follows the delivery, never happens.
  const stored = createRecords(redis);
  let writes = 0;
  const { notifier: crashing } = createTestNotifier(redis, [receiver], {
    records: {
      read: (hash) => stored.read(hash),
      write: (hash, record) => {
        if (++writes > 1) return Promise.reject(new StoreError("crashed"));
        return stored.write(hash, record);
      },
      renew: (hash) => stored.renew(hash),
    },
  });
  await tickThrough(crashing, ["lit"]);
  const { notifier: next } = createTestNotifier(redis, [receiver]);
  await tickThrough(next, ["lit", "lit", "lit"]);
  assertEquals(receiver.types, ["bitcoin.lit", "bitcoin.lit"]);
  assertEquals(new Set(receiver.ids).size, 1);
});

Deno.test(
  "Notifier.tick() honours Retry-After",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    receiver.treatments.push({ status: 429, headers: { "retry-after": "240" } });
    const { notifier } = createTestNotifier(redis, [receiver]);
    await tickThrough(notifier, ["lit", "lit", "lit", "lit"]);
    assertEquals(receiver.received.length, 1);
    await tickThrough(notifier, ["lit"]);
    assertEquals(receiver.received.length, 2);
  },
);

Deno.test("Notifier.tick() follows no redirect and tries again", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  await using elsewhere = await WebhookReceiver.start();
  receiver.treatments.push({ status: 302, headers: { location: elsewhere.url } });
  const { notifier } = createTestNotifier(redis, [receiver]);
  await tickThrough(notifier, ["lit", "lit"]);
  assertEquals(receiver.types, ["bitcoin.lit", "bitcoin.lit"]);
  assertEquals(elsewhere.types, []);
});

Deno.test(
  "Notifier.tick() delivers to others while an address never answers",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using silent = await WebhookReceiver.start();
    await using present = await WebhookReceiver.start();
    silent.treatments.push("ignore");
    const { notifier } = createTestNotifier(redis, [silent, present], { send: IMPATIENT_SEND });
    await tickThrough(notifier, ["lit"]);
    assertEquals(present.types, ["bitcoin.lit"]);
    await tickThrough(notifier, ["unlit"]);
    assertEquals(present.types, ["bitcoin.lit", "bitcoin.unlit"]);
    assertEquals(silent.types, ["bitcoin.lit", "bitcoin.unlit"]);
  },
);

Deno.test(
  "Notifier.tick() counts a message that could not be sent as failed, whatever was thrown",
  TIME_LIMIT,
  async () => {
    for (const thrown of [new RangeError("unforeseen"), "unforeseen", undefined]) {
      await using redis = await startTestRedis();
      await using receiver = await WebhookReceiver.start();
      const { notifier, outcomes, log } = createTestNotifier(redis, [receiver], {
        send() {
          throw thrown;
        },
      });
      await tickThrough(notifier, ["lit"]);
      assertEquals(outcomes, ["failed"]);
      assertEquals(log.lines.map(({ message }) => message), ["webhook not delivered"]);
    }
  },
);
