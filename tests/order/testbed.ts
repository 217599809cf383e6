import { assertEquals } from "@std/assert";
import type { Feed } from "../../src/feeds/feed.ts";
import { createForwardTime } from "../../src/samples/clock.ts";
import { isPlausible } from "../../src/samples/sample.ts";
import { type Keys, keysBelow } from "../../src/redis/keys.ts";
import { createTestClock } from "../helpers/clock.ts";
import { eventually } from "../helpers/eventually.ts";
import { createFakeFeed, type FakeFeed, type FakeSource } from "../helpers/fake_feed.ts";
import { FaultyLink } from "../helpers/faulty_link.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { createTestService, type TestService } from "../helpers/service.ts";
import { type Instance, observe, samplesOf } from "./observer.ts";

/** How often event streams compare, in real time. */
const LOOK_MS = 10;

/** With a read every 2.5 s, instances may differ for 5 s. */
const READ_EVERY_MS = 2_500;

/** Two whole services on one Redis, with one feed and event streams of their own. */
export interface Testbed extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly keys: Keys;
  readonly source: FakeSource;
  readonly first: Instance;
  readonly second: Instance;
  /** Lets the feed have one more sample of each metric. */
  advanceFeed(): void;
  /** Lets 5 s pass; then both instances and their streams must have so many samples. */
  converge(samples: number): Promise<void>;
}

/** How the services are started. */
export interface TestbedOptions {
  /** By how much the wall clocks are wrong, in milliseconds. @default [600_000, 0] */
  skewsMs?: readonly [first: number, second: number];
  /** @default no minimum interval between refreshes */
  environment?: Readonly<Record<string, string>>;
}

/** Starts two services on a store that has one sample of each metric. */
export async function startTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const { skewsMs: [firstSkewMs, secondSkewMs] = [600_000, 0], environment } = options;
  await using starting = new AsyncDisposableStack();
  const redis = starting.use(await startTestRedis());
  const services: TestService[] = [];
  // At once: each asks its clients for a moment to leave.
  starting.defer(async () => void await Promise.all(services.map((service) => service.stop())));
  let samples = 1;
  const feed = createFakeFeed({ test: () => ({ samples: samplesOf(samples), rejected: 0 }) });
  async function start(skewMs: number): Promise<Instance> {
    const parts = createInstance({ redis, feed, skewMs, environment });
    parts.service.start();
    services.push(parts.service);
    await eventually(async () => (await parts.service.request("/is-bitcoin-lit")).ok);
    // Otherwise it could fill the store while a test empties it.
    await eventually(() => parts.link.pending === 0);
    return starting.use(await observe(parts));
  }
  const [first, second] = [await start(firstSkewMs), await start(secondSkewMs)];
  const started = starting.move();
  return {
    redis,
    keys: keysBelow(redis.prefix, feed.name),
    source: feed.fakes.test,
    first,
    second,
    advanceFeed: () => void samples++,
    converge: (samples) => converge([first, second], samples),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function createInstance({ redis, feed, skewMs, environment }: {
  redis: TestRedis;
  feed: FakeFeed<"test">;
  skewMs: number;
  environment: TestbedOptions["environment"];
}) {
  const clock = createTestClock(skewMs);
  const link = new FaultyLink();
  const service = createTestService({
    redis,
    feed: { ...feed, combine: combinePlausible(createForwardTime(clock)) },
    environment: { REFRESH_MIN_INTERVAL_SECONDS: "0", ...environment },
    clock,
    connect: link.connect,
    lookMs: LOOK_MS,
  });
  return { service, link, clock };
}

/** Leaves out what lies in the future, as real feeds do. */
function combinePlausible(now: () => number): Feed["combine"] {
  return (answers) => {
    const all = [...answers.values()].flatMap(({ samples }) => samples);
    const samples = all.filter((sample) => isPlausible(sample, now()));
    return { samples, rejected: all.length - samples.length };
  };
}

async function converge(instances: readonly Instance[], samples: number): Promise<void> {
  for (const instance of instances) {
    instance.clock.advance(READ_EVERY_MS);
    await instance.readSummary();
    instance.clock.advance(READ_EVERY_MS);
    const seen = await instance.readSummary();
    assertEquals(seen.samples, samples);
    // An event is sent for other content only, so its revision may be older.
    await eventually(() => instance.streamed.at(-1)?.samples === samples);
  }
}
