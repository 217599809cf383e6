import { assert, assertEquals } from "@std/assert";
import { keysBelow } from "../../src/redis/keys.ts";
import { createTestClock } from "../helpers/clock.ts";
import { eventually } from "../helpers/eventually.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import { createTestService, type TestService } from "../helpers/service.ts";
import { type Treatment, WebhookReceiver } from "../helpers/webhook_receiver.ts";
import type { State } from "../../src/summary/states.js";

const LIMIT = { timeout: 60_000 };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Short, since a receiver never answers; long enough for the others on a slow machine. */
const WEBHOOK_TIMEOUT_MS = 1_000;

/** Every state holds for two ticks: the first one, and ten flips. */
const TICKS_PER_STATE = 2;
const STATES = Array.from({ length: 11 }, (_, i): State => i % 2 === 0 ? "unlit" : "lit");

/** The receiver that is away does not listen at these ticks. */
const AWAY_TICKS = { from: 5, to: 7 };

/** How each receiver treats its messages, in order. */
const TREATMENTS = {
  steady: [],
  away: [],
  failing: [ok(), ok(), answer(500)],
  busy: [ok(), ok(), answer(429, { "retry-after": "180" })],
  redirecting: [ok(), ok(), answer(302, { location: "http://127.0.0.1:1/" })],
  gone: [ok(), ok(), answer(410)],
  silent: Array<Treatment>(STATES.length).fill("ignore"),
} satisfies Record<string, Treatment[]>;

type Name = keyof typeof TREATMENTS;

/**
 * In which state each receiver gets a message; the first one has number 0.
 *
 * `away` has state 1 when it is back at state 3, which is the same: nothing is sent. `busy` asks for
 * three ticks, at whose end it is the same. `silent` may have every message, so its pauses double:
 * ticks 1, 2, 4, 8 and 16.
 */
const EXPECTED: Readonly<Record<Name, readonly number[]>> = {
  steady: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  away: [0, 1, 4, 5, 6, 7, 8, 9, 10],
  failing: [0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  busy: [0, 1, 2, 4, 5, 6, 7, 8, 9, 10],
  redirecting: [0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  gone: [0, 1, 2],
  silent: [0, 0, 1, 3, 7],
};

/**
 * A webhook-id stands for one transition, so for one state here. But "lit" may have reached `silent`
 * in state 1, and then it is no news in states 3 and 7.
 */
const COUNT_OF_IDS: Readonly<Partial<Record<Name, number>>> = { silent: 2 };

Deno.test("two services tell every webhook of ten flips, in order", LIMIT, async () => {
  await using rig = await startRig();
  for (let tick = 1; tick <= STATES.length * TICKS_PER_STATE; tick++) {
    if (tick === AWAY_TICKS.from) await rig.receivers.away.goAway();
    if (tick === AWAY_TICKS.to + 1) await rig.receivers.away.comeBack();
    await rig.tick(stateAt(tick));
  }
  for (const name of namesOf(TREATMENTS)) {
    const numbers = rig.receivers[name].received.map(({ body }) => numberOf(JSON.parse(body)));
    assertEquals({ [name]: numbers }, { [name]: EXPECTED[name] });
    const ids = new Set(rig.receivers[name].ids);
    assertEquals({ [name]: ids.size }, { [name]: COUNT_OF_IDS[name] ?? new Set(numbers).size });
  }
  await rig.startAnother();
  await eventually(async () => {
    await rig.tick("unlit");
    return rig.receivers.gone.types.slice(EXPECTED.gone.length).join() === "bitcoin.unlit";
  });
});

Deno.test("a webhook that never answers delays no reader", LIMIT, async () => {
  await using rig = await startRig();
  let isTicking = true;
  const tick = rig.tick("unlit").finally(() => isTicking = false);
  await eventually(() => rig.receivers.silent.received.length === 1);
  for (const service of rig.services) {
    const response = await service.request("/is-bitcoin-lit");
    assertEquals([response.status, (await response.json()).lit], [200, false]);
  }
  assert(isTicking);
  await tick;
});

interface Rig extends AsyncDisposable {
  readonly receivers: Readonly<Record<Name, WebhookReceiver>>;
  readonly services: readonly TestService[];
  /** Lets a minute pass, after which the state is this one; all services tick at once. */
  tick(state: State): Promise<void>;
  startAnother(): Promise<void>;
}

/** Starts two services on one Redis, with one feed, one clock and the webhooks. */
async function startRig(): Promise<Rig> {
  await using starting = new AsyncDisposableStack();
  const redis = starting.use(await startTestRedis());
  const receivers = await startReceivers(starting);
  const clock = createTestClock();
  const samples = [2, 1].flatMap((ago) => pairAt(NOW - ago * HOUR_MS, 100, 0));
  const feed = createFakeFeed({ test: () => ({ samples: [...samples], rejected: 0 }) });
  const services: TestService[] = [];
  starting.defer(async () => void await Promise.all(services.map((service) => service.stop())));
  const environment = {
    REFRESH_MIN_INTERVAL_SECONDS: "0",
    WEBHOOK_AFTER_SECONDS: "0",
    WEBHOOK_URLS: Object.values(receivers).map(({ url }) => url).join(" "),
  };
  async function startAnother() {
    const service = createTestService({
      redis,
      feed,
      clock,
      environment,
      webhookTimeoutMs: WEBHOOK_TIMEOUT_MS,
    });
    services.push(service);
    service.start();
    await eventually(async () => (await service.request("/is-bitcoin-lit")).ok);
  }
  await startAnother();
  await startAnother();
  const nextPrice = createPrices();
  const started = starting.move();
  return {
    receivers,
    services,
    startAnother,
    async tick(state) {
      clock.advance(MINUTE_MS);
      samples.push(...pairAt(clock.now(), nextPrice(state), 1));
      await endTickClaim(redis);
      await Promise.all(services.map((service) => service.tick()));
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function startReceivers(stack: AsyncDisposableStack): Promise<Rig["receivers"]> {
  const start = async (name: Name) => {
    const receiver = stack.use(await WebhookReceiver.start());
    receiver.treatments.push(...TREATMENTS[name]);
    return receiver;
  };
  return {
    steady: await start("steady"),
    away: await start("away"),
    failing: await start("failing"),
    busy: await start("busy"),
    redirecting: await start("redirecting"),
    gone: await start("gone"),
    silent: await start("silent"),
  };
}

/** Prices whose average is 101 or 99 after each: above or below those of the hours before. */
function createPrices(): (state: State) => number {
  let [count, sum] = [0, 0];
  return (state) => {
    const total = ++count * (state === "lit" ? 101 : 99);
    const price = total - sum;
    sum = total;
    return price;
  };
}

/** The claim outlasts a tick in real time, and the test's minutes are shorter. */
async function endTickClaim({ client, prefix }: TestRedis): Promise<void> {
  await client.del(keysBelow(prefix, "test").claims.tick);
}

function stateAt(tick: number): State {
  return STATES[Math.floor((tick - 1) / TICKS_PER_STATE)] ?? "stale";
}

/** The number of the state in which a message was composed. */
function numberOf({ type, data }: { type: string; data: { as_of: string } }): number {
  const tick = (Date.parse(data.as_of) - NOW) / MINUTE_MS;
  assertEquals(type, `bitcoin.${stateAt(tick)}`);
  return Math.floor((tick - 1) / TICKS_PER_STATE);
}

function namesOf(record: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(record) as Name[];
}

function ok(): Treatment {
  return answer(204);
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}): Treatment {
  return { status, headers };
}
