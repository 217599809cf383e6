import { assertEquals } from "@std/assert";
import { Redis } from "ioredis";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import type { SourceAnswer } from "../../src/feeds/feed.ts";
import { createTestClock } from "../helpers/clock.ts";
import { readEvents } from "../helpers/event_reader.ts";
import { eventually } from "../helpers/eventually.ts";
import { createFakeFeed, type FakeFeed } from "../helpers/fake_feed.ts";
import { FaultyLink } from "../helpers/faulty_link.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { NOW, pairAt, risingAnswer } from "../helpers/samples.ts";
import { createTestService, type TestService } from "../helpers/service.ts";
import { WebhookReceiver } from "../helpers/webhook_receiver.ts";
import { statusOf } from "./assertions.ts";

const TICK_MS = 60_000;
const ENVIRONMENT = { REFRESH_MIN_INTERVAL_SECONDS: "0", WEBHOOK_AFTER_SECONDS: "0" };

/** A whole service whose ports a test can disturb, while others use it. */
export interface SurprisedService extends AsyncDisposable {
  readonly service: TestService;
  readonly feed: FakeFeed<"first" | "second">;
  /** The faults of both connections. */
  readonly link: FaultyLink;
  readonly connections: { readonly commands: Redis; readonly subscriber: Redis };
  /** The address of the webhook that may be disturbed. */
  readonly webhookUrl: string;
  /** Requests a path, and returns the status. */
  status(path: string, init?: RequestInit): Promise<number>;
  /** Lets a minute pass that brings new samples and another state. */
  tick(): Promise<void>;
  /** Asserts that the last minute reached readers, streams and the other webhook. */
  assertWorks(): Promise<void>;
}

/** Starts a service with two sources and two webhooks. */
export async function startSurprisedService(): Promise<SurprisedService> {
  await using starting = new AsyncDisposableStack();
  const clock = createTestClock();
  const store = starting.use(startEmbeddedRedis({ now: () => clock.now() }));
  const disturbed = starting.use(await WebhookReceiver.start());
  const calm = starting.use(await WebhookReceiver.start());
  let minutes = 0;
  const answer = () => answerAfter(minutes);
  const feed = createFakeFeed({ first: answer, second: answer });
  const link = new FaultyLink();
  const connected: Redis[] = [];
  const service = starting.use(createTestService({
    redis: { url: store.url, prefix: "lit" },
    feed,
    clock,
    connect(urls, options) {
      const connection = link.connect(urls, options);
      if (connection instanceof Redis) connected.push(connection);
      return connection;
    },
    lookMs: 10,
    environment: { ...ENVIRONMENT, WEBHOOK_URLS: `${disturbed.url} ${calm.url}` },
  }));
  starting.defer(handleRejections(service));
  const url = starting.use(serveLocally(service.fetch)).url.slice(0, -1);
  service.start();
  await eventually(async () => (await service.request("/is-bitcoin-lit")).ok);
  await eventually(() => link.pending === 0);
  const stream = starting.use(await readEvents(url));
  const [commands, subscriber] = connected;
  if (commands === undefined || subscriber === undefined) throw new Error("Two must connect");
  const started = starting.move();
  return {
    service,
    feed,
    link,
    connections: { commands, subscriber },
    webhookUrl: disturbed.url,
    status: (path, init) => statusOf(`${url}${path}`, init),
    async tick() {
      minutes++;
      clock.advance(TICK_MS);
      await service.tick();
    },
    async assertWorks() {
      const asOf = new Date(NOW + minutes * TICK_MS).toISOString();
      assertEquals((await (await fetch(`${url}/is-bitcoin-lit`)).json()).as_of, asOf);
      await eventually(() => stream.answers().at(-1)?.as_of === asOf);
      assertEquals(calm.received.length, minutes);
      for (const path of ["/history?hours=3", "/healthz", "/metrics"]) {
        assertEquals(await statusOf(`${url}${path}`), 200, path);
      }
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Handles what nothing else handled, as `main.ts` does, until the returned function is called. */
function handleRejections(service: TestService): () => void {
  const handle = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    service.countUnhandled("rejection", event.reason);
  };
  addEventListener("unhandledrejection", handle);
  return () => removeEventListener("unhandledrejection", handle);
}

/** The price of the last hour is on average below the one before after each odd minute, above else. */
function answerAfter(minutes: number): SourceAnswer {
  const averageAfter = (minute: number) => minute === 0 ? 34_500 : minute % 2 ? 34_000 : 35_000;
  const later = Array.from({ length: minutes }, (_, i) => {
    const price = (i + 2) * averageAfter(i + 1) - (i + 1) * averageAfter(i);
    return pairAt(NOW + (i + 1) * TICK_MS, price, 0.75);
  });
  return { ...risingAnswer(), samples: [...risingAnswer().samples, ...later.flat()] };
}
