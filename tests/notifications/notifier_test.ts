import { assert, assertEquals } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { hashAddress } from "../../src/notifications/records.ts";
import { nameReceiver } from "../../src/notifications/notifier.ts";
import { createTestNotifier, tickThrough } from "../helpers/notifier.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { WebhookReceiver } from "../helpers/webhook_receiver.ts";
import { ANSWERS } from "../helpers/webhooks.ts";
import type { State } from "../../src/summary/states.js";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test(
  "Notifier.tick() sends the first state, then every other one once",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier, outcomes } = createTestNotifier(redis, [receiver]);
    await tickThrough(notifier, ["unlit", "unlit", "lit", "lit", "stale", "stale", "unlit"]);
    assertEquals(receiver.types, [
      "bitcoin.unlit",
      "bitcoin.lit",
      "bitcoin.stale",
      "bitcoin.unlit",
    ]);
    assertEquals(new Set(receiver.ids).size, 4);
    assertEquals(outcomes, Array(4).fill("delivered"));
  },
);

Deno.test(
  "Notifier.tick() sends a state only when it has held long enough",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier } = createTestNotifier(redis, [receiver], { afterMs: 120_000 });
    await tickThrough(notifier, ["unlit", "lit", "unlit", "lit"]);
    assertEquals(receiver.types, []);
    await tickThrough(notifier, ["lit", "lit", "unlit", "lit"]);
    assertEquals(receiver.types, ["bitcoin.lit"]);
  },
);

Deno.test("Notifier.tick() without data sends nothing", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  const { notifier } = createTestNotifier(redis, [receiver]);
  await notifier.tick(undefined);
  assertEquals(receiver.types, []);
});

Deno.test("two notifiers deliver ten flips once each and in order", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using here = await WebhookReceiver.start();
  await using there = await WebhookReceiver.start();
  const { notifier: first } = createTestNotifier(redis, [here, there]);
  const { notifier: second } = createTestNotifier(redis, [here, there]);
  const flips = Array.from({ length: 10 }, (_, i): State => i % 2 === 0 ? "lit" : "unlit");
  for (const [i, state] of flips.entries()) {
    await tickThrough(i % 3 === 0 ? first : second, [state]);
    await tickThrough(i % 3 === 0 ? second : first, [state]);
  }
  assertEquals(here.types, flips.map((state) => `bitcoin.${state}`));
  assertEquals(there.types, here.types);
  assertEquals(new Set([...here.ids, ...there.ids]).size, 20);
});

Deno.test(
  "Notifier.tick() renews the record of an address that has the state",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier } = createTestNotifier(redis, [receiver]);
    await tickThrough(notifier, ["lit"]);
    const key = `${redis.prefix}:delivered:${await hashAddress(receiver.url)}`;
    await redis.client.pexpire(key, 60_000);
    await tickThrough(notifier, ["lit"]);
    const days = await redis.client.ttl(key) / 86_400;
    assert(days > 29.9, `${days} days`);
  },
);

Deno.test("Notifier.tick() sends nothing when its record can't be stored", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  const { notifier, log } = createTestNotifier(redis, [receiver], {
    records: {
      read: () => Promise.resolve(undefined),
      write: () => Promise.reject(new StoreError("The store does not take this command now")),
      renew: () => Promise.resolve(),
    },
  });
  await tickThrough(notifier, ["lit", "lit"]);
  assertEquals(receiver.types, []);
  assertEquals(log.lines.map(({ message }) => message), Array(2).fill("webhook not delivered"));
});

Deno.test("Notifier.tick() logs why a receiver did not take a message", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push({ status: 500 });
  const { notifier, log } = createTestNotifier(redis, [receiver]);
  await tickThrough(notifier, ["lit"]);
  const [line] = log.lines;
  assertEquals(
    [line?.level, line?.message, line?.fields.outcome, line?.fields.reason],
    ["warn", "webhook not delivered", "failed", "answered 500"],
  );
});

Deno.test(
  "Notifier.start() allows another try for an address that was gone",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    receiver.treatments.push({ status: 410 });
    const { notifier: first, outcomes } = createTestNotifier(redis, [receiver]);
    const { notifier: second } = createTestNotifier(redis, [receiver]);
    await Promise.all([first.start(), second.start()]);
    await tickThrough(first, ["lit", "unlit", "lit"]);
    await tickThrough(second, ["unlit", "lit"]);
    await first.start();
    await tickThrough(first, ["lit"]);
    assertEquals(receiver.received.length, 1);
    assertEquals(outcomes, ["gone"]);
    const { notifier: restarted } = createTestNotifier(redis, [receiver]);
    await tickThrough(restarted, ["lit"]);
    assertEquals(receiver.types, ["bitcoin.lit", "bitcoin.lit"]);
  },
);

Deno.test("Notifier.tick() logs a store that is away instead of throwing", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  const failure = () => Promise.reject(new StoreError("The store can't be reached"));
  const { notifier, log } = createTestNotifier(redis, [receiver], {
    tracker: { read: failure, write: failure },
  });
  await notifier.tick(ANSWERS.lit);
  assertEquals(log.lines.map(({ level, message }) => [level, message]), [
    ["warn", "could not count the state for the webhooks"],
  ]);
});

Deno.test("nameReceiver() names a host, and six digits of the hash", TIME_LIMIT, () => {
  const receiver = { kind: "program", url: "https://user:pass@example.com:8443/secret" } as const;
  assertEquals(nameReceiver(receiver, "0123456789abcdef"), {
    host: "example.com:8443",
    webhook: "012345",
  });
});

Deno.test("Notifier logs only the host of an address", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push("drop", { status: 500 });
  const { notifier, log } = createTestNotifier(redis, [receiver]);
  await tickThrough(notifier, Array(4).fill("lit"));
  await receiver.goAway();
  await tickThrough(notifier, ["unlit"]);
  const text = JSON.stringify(log.lines);
  assertEquals(log.lines.length, 4);
  assert(text.includes(new URL(receiver.url).host));
  assertEquals(text.includes("secret-path"), false);
  assertEquals(text.includes(await hashAddress(receiver.url)), false);
});
