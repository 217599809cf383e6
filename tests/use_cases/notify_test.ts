import { assert, assertEquals } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { hashAddress } from "../../src/core/notification.ts";
import type { State } from "../../src/core/state.ts";
import { RedisDeliveryRecords, RedisStateTracker } from "../../src/redis/webhook_records.ts";
import { Notifier, type NotifierOptions } from "../../src/use_cases/notify.ts";
import { createWebhookSender } from "../../src/webhooks/send.ts";
import { keepLog } from "../helpers/log.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW } from "../helpers/samples.ts";
import { WebhookReceiver } from "../helpers/webhook_receiver.ts";
import { ANSWERS } from "../helpers/webhooks.ts";

const TIME_LIMIT = { timeout: 20_000 };

// The others keep the 15 s of production, so that a slow machine fails no delivery.
const IMPATIENT = createWebhookSender({ clock: () => NOW, timeoutMs: 500 });

function createNotifier(
  { client, prefix }: TestRedis,
  receivers: readonly WebhookReceiver[],
  options: Partial<NotifierOptions> = {},
) {
  let now = NOW;
  const log = keepLog();
  const outcomes: string[] = [];
  const clock = () => now += 60_000;
  const notifier = new Notifier({
    addresses: receivers.map(({ url }) => url),
    afterMs: 0,
    tracker: new RedisStateTracker(client, `${prefix}:state`),
    records: new RedisDeliveryRecords(client, (hash) => `${prefix}:delivered:${hash}`),
    sender: createWebhookSender({ clock }),
    clock,
    log,
    signal: new AbortController().signal,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  });
  return { notifier, log, outcomes };
}

async function tickThrough(notifier: Notifier, states: readonly State[]): Promise<void> {
  for (const state of states) await notifier.tick(ANSWERS[state]);
}

function idsOf({ received }: WebhookReceiver): (string | undefined)[] {
  return received.map(({ headers }) => headers["webhook-id"]);
}

Deno.test(
  "Notifier.tick() sends the first state, then every other one once",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier, outcomes } = createNotifier(redis, [receiver]);
    await tickThrough(notifier, ["unlit", "unlit", "lit", "lit", "stale", "stale", "unlit"]);
    assertEquals(receiver.types, [
      "bitcoin.unlit",
      "bitcoin.lit",
      "bitcoin.stale",
      "bitcoin.unlit",
    ]);
    assertEquals(new Set(idsOf(receiver)).size, 4);
    assertEquals(outcomes, Array(4).fill("delivered"));
  },
);

Deno.test(
  "Notifier.tick() sends a state only when it has held long enough",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier } = createNotifier(redis, [receiver], { afterMs: 120_000 });
    await tickThrough(notifier, ["unlit", "lit", "unlit", "lit"]);
    assertEquals(receiver.types, []);
    await tickThrough(notifier, ["lit", "unlit", "lit"]);
    assertEquals(receiver.types, ["bitcoin.lit"]);
  },
);

Deno.test("Notifier.tick() without data sends nothing", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  const { notifier } = createNotifier(redis, [receiver]);
  await notifier.tick(undefined);
  assertEquals(receiver.types, []);
});

Deno.test("two notifiers deliver ten flips once each and in order", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using here = await WebhookReceiver.start();
  await using there = await WebhookReceiver.start();
  const { notifier: first } = createNotifier(redis, [here, there]);
  const { notifier: second } = createNotifier(redis, [here, there]);
  const flips = Array.from({ length: 10 }, (_, i): State => i % 2 === 0 ? "lit" : "unlit");
  for (const [i, state] of flips.entries()) {
    await tickThrough(i % 3 === 0 ? first : second, [state]);
    await tickThrough(i % 3 === 0 ? second : first, [state]);
  }
  assertEquals(here.types, flips.map((state) => `bitcoin.${state}`));
  assertEquals(there.types, here.types);
  assertEquals(new Set([...idsOf(here), ...idsOf(there)]).size, 20);
});

Deno.test(
  "Notifier.tick() sends the current state to an address that is back",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using away = await WebhookReceiver.start();
    await using present = await WebhookReceiver.start();
    const { notifier, outcomes } = createNotifier(redis, [away, present]);
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
    const { notifier } = createNotifier(redis, [receiver]);
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
    const { notifier } = createNotifier(redis, [receiver], { sender: IMPATIENT });
    await tickThrough(notifier, Array(8).fill("lit"));
    assertEquals(receiver.types, Array(3).fill("bitcoin.lit"));
    assertEquals(new Set(idsOf(receiver)).size, 1);
  },
);

Deno.test(
  "Notifier.tick() corrects an address that received a state without answering",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    const { notifier } = createNotifier(redis, [receiver]);
    await tickThrough(notifier, ["unlit"]);
    receiver.treatments.push("drop");
    await tickThrough(notifier, ["lit", "unlit"]);
    assertEquals(receiver.types, ["bitcoin.unlit", "bitcoin.lit", "bitcoin.unlit"]);
    assertEquals(new Set(idsOf(receiver)).size, 3);
  },
);

Deno.test("Notifier.tick() repeats a message with its id after a crash", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  // The crash: the second write of a record, which follows the delivery, never happens.
  const key = (hash: string) => `${redis.prefix}:delivered:${hash}`;
  const stored = new RedisDeliveryRecords(redis.client, key);
  let writes = 0;
  const { notifier: crashing } = createNotifier(redis, [receiver], {
    records: {
      read: (hash) => stored.read(hash),
      write: (hash, record) => {
        if (++writes > 1) return Promise.reject(new StoreError("crashed"));
        return stored.write(hash, record);
      },
    },
  });
  await tickThrough(crashing, ["lit"]);
  const { notifier: next } = createNotifier(redis, [receiver]);
  await tickThrough(next, ["lit", "lit", "lit"]);
  assertEquals(receiver.types, ["bitcoin.lit", "bitcoin.lit"]);
  assertEquals(new Set(idsOf(receiver)).size, 1);
});

Deno.test("Notifier.tick() sends nothing when its record can't be stored", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  const { notifier, log } = createNotifier(redis, [receiver], {
    records: {
      read: () => Promise.resolve(undefined),
      write: () => Promise.reject(new StoreError("The store does not take this command now")),
    },
  });
  await tickThrough(notifier, ["lit", "lit"]);
  assertEquals(receiver.types, []);
  assertEquals(log.lines.map(({ message }) => message), Array(2).fill("webhook not delivered"));
});

Deno.test(
  "Notifier.tick() leaves an address alone for as long as it asks",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using receiver = await WebhookReceiver.start();
    receiver.treatments.push({ status: 429, headers: { "retry-after": "240" } });
    const { notifier } = createNotifier(redis, [receiver]);
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
  const { notifier } = createNotifier(redis, [receiver]);
  await tickThrough(notifier, ["lit", "lit"]);
  assertEquals(receiver.types, ["bitcoin.lit", "bitcoin.lit"]);
  assertEquals(elsewhere.types, []);
});

Deno.test("Notifier.start() lets an address be tried again that was gone", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push({ status: 410 });
  const { notifier: first, outcomes } = createNotifier(redis, [receiver]);
  const { notifier: second } = createNotifier(redis, [receiver]);
  await Promise.all([first.start(), second.start()]);
  await tickThrough(first, ["lit", "unlit", "lit"]);
  await tickThrough(second, ["unlit", "lit"]);
  await first.start();
  await tickThrough(first, ["lit"]);
  assertEquals(receiver.received.length, 1);
  assertEquals(outcomes, ["gone"]);
  const { notifier: restarted } = createNotifier(redis, [receiver]);
  await tickThrough(restarted, ["lit"]);
  assertEquals(receiver.types, ["bitcoin.lit", "bitcoin.lit"]);
});

Deno.test(
  "Notifier.tick() delivers to others while an address never answers",
  TIME_LIMIT,
  async () => {
    await using redis = await startTestRedis();
    await using silent = await WebhookReceiver.start();
    await using present = await WebhookReceiver.start();
    silent.treatments.push("ignore");
    const { notifier } = createNotifier(redis, [silent, present], { sender: IMPATIENT });
    await tickThrough(notifier, ["lit"]);
    assertEquals(present.types, ["bitcoin.lit"]);
    await tickThrough(notifier, ["unlit"]);
    assertEquals(present.types, ["bitcoin.lit", "bitcoin.unlit"]);
    assertEquals(silent.types, ["bitcoin.lit", "bitcoin.unlit"]);
  },
);

Deno.test("Notifier.tick() logs a store that is away instead of throwing", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  const failure = () => Promise.reject(new StoreError("The store can't be reached"));
  const { notifier, log } = createNotifier(redis, [receiver], {
    tracker: { read: failure, write: failure },
  });
  await notifier.tick(ANSWERS.lit);
  assertEquals(log.lines.map(({ level }) => level), ["warn"]);
});

Deno.test("Notifier logs of an address no more than its host", TIME_LIMIT, async () => {
  await using redis = await startTestRedis();
  await using receiver = await WebhookReceiver.start();
  receiver.treatments.push("drop", { status: 500 });
  const { notifier, log } = createNotifier(redis, [receiver]);
  await tickThrough(notifier, Array(4).fill("lit"));
  await receiver.goAway();
  await tickThrough(notifier, ["unlit"]);
  const text = JSON.stringify(log.lines);
  assertEquals(log.lines.length, 4);
  assert(text.includes(new URL(receiver.url).host));
  assertEquals(text.includes("secret-path"), false);
  assertEquals(text.includes(await hashAddress(receiver.url)), false);
});
