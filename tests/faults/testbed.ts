import * as z from "zod";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import type { FetchBounds } from "../../src/feeds/request.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { serve } from "../../src/http/serve.ts";
import { connect, type ConnectionBounds } from "../../src/redis/connection.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { measureWait } from "../helpers/bystander.ts";
import { eventually } from "../helpers/eventually.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { type Running, runTask } from "../helpers/process.ts";
import { createTestService, type TestService } from "../helpers/service.ts";
import { TcpProxy } from "../helpers/tcp_proxy.ts";
import { ScriptedFeed } from "./scripted_feed.ts";

/** The prefix of all keys. */
export const PREFIX = "is-bitcoin-lit";

/** Every refresh asks the feed, and the feed's rows are never stale. */
export const ENVIRONMENT = { REFRESH_MIN_INTERVAL_SECONDS: "0", STALE_AFTER_SECONDS: "86400" };

/** A service that listens, with a proxy on its way to Redis and one on its way to the feed. */
export interface Testbed extends AsyncDisposable {
  readonly url: string;
  readonly redis: TcpProxy;
  readonly feedLink: TcpProxy;
  readonly feed: ScriptedFeed;
  readonly store: ReturnType<typeof startEmbeddedRedis>;
  /** By how much the clock of Redis is wrong, in milliseconds; a test may step it. */
  readonly storeClock: { skewMs: number };
}

/** A testbed whose service runs in this process. */
export interface ServiceTestbed extends Testbed {
  readonly service: TestService;
  /** Stops the service as `main.ts` does. */
  stop(): Promise<void>;
}

/** A testbed whose service is a process. */
export interface ProcessTestbed extends Testbed {
  readonly service: Running;
}

/** How a testbed is started. */
export interface TestbedOptions {
  /** Disturbs the link to Redis before the service starts. */
  beforeStart?: ((redis: TcpProxy) => unknown) | undefined;
  /** @default the bounds of the service */
  redisBounds?: ConnectionBounds | undefined;
  /** @default the bounds of the feed */
  feedBounds?: FetchBounds | undefined;
  /** How long a stop waits for the feed, in milliseconds. @default 3_000 */
  feedGraceMs?: number;
}

/** Starts a service in this process; nothing but the test refreshes it. */
export function startTestbed(options: TestbedOptions = {}): Promise<ServiceTestbed> {
  const { redisBounds, feedBounds, feedGraceMs } = options;
  return buildTestbed(options.beforeStart, (stack, { redisUrl, feedUrl }) => {
    const service = createTestService({
      redis: { url: redisUrl, prefix: PREFIX },
      feed: createSentiCrypt(feedOptions({
        sentimentApiUrl: feedUrl,
        ...feedBounds && { bounds: feedBounds },
      })),
      environment: ENVIRONMENT,
      ...feedGraceMs !== undefined && { feedGraceMs },
      ...redisBounds && {
        connect: (urls, options) => connect(urls, { ...options, bounds: redisBounds }),
      },
    });
    const server = serve(service.fetch, { hostname: "127.0.0.1", port: 0, log: service.log });
    let stopping: Promise<void> | undefined;
    const stop = () => stopping ??= service.stop(() => server.shutdown());
    stack.defer(stop);
    service.start();
    return { service, url: server.url, stop };
  });
}

/** Starts a service as a process. Another instance seems to do the ticks, so only the test refreshes. */
export function startProcessTestbed(
  { beforeStart }: Pick<TestbedOptions, "beforeStart"> = {},
): Promise<ProcessTestbed> {
  return buildTestbed(beforeStart, async (stack, { redisUrl, feedUrl, store }) => {
    await claimTicks(store.port);
    const environment = { ...environmentOf(redisUrl), SENTIMENT_API_URL: feedUrl };
    const service = stack.use(runTask("start", environment));
    return { service, url: await service.url };
  });
}

/** The environment of a process whose every refresh asks the feed, and whose rows are never stale. */
export function environmentOf(redisUrl: string): Record<string, string> {
  return { ...ENVIRONMENT, REDIS_URL: redisUrl };
}

interface Surroundings {
  readonly redisUrl: string;
  readonly feedUrl: string;
  readonly store: Testbed["store"];
}

async function buildTestbed<T>(
  beforeStart: TestbedOptions["beforeStart"],
  start: (stack: AsyncDisposableStack, surroundings: Surroundings) => T | Promise<T>,
) {
  await using stack = new AsyncDisposableStack();
  const storeClock = { skewMs: 0 };
  const store = stack.use(startEmbeddedRedis({ now: () => Date.now() + storeClock.skewMs }));
  const feed = stack.use(new ScriptedFeed());
  const redis = stack.use(await TcpProxy.start(store.port));
  const feedLink = stack.use(await TcpProxy.start(Number(new URL(feed.url).port)));
  await beforeStart?.(redis);
  const redisUrl = `redis://127.0.0.1:${redis.port}`;
  const feedUrl = `http://127.0.0.1:${feedLink.port}/`;
  const started = await start(stack, { redisUrl, feedUrl, store });
  const owned = stack.move();
  return {
    ...started,
    redis,
    feedLink,
    feed,
    store,
    storeClock,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function claimTicks(port: number): Promise<void> {
  using redis = await RespClient.connect(port);
  await redis.call("SET", `${PREFIX}:claim:tick`, "another instance");
}

/** Waits until the summary can be read and the refresh at start has ended, or the next would join it. */
export async function warmUp({ url, feed }: Testbed): Promise<void> {
  await eventually(async () => await read(url) === feed.summary);
  await eventually(async () => {
    const { status, isReplayed } = await refresh(url);
    return status === 200 && !isReplayed;
  });
}

/** Reads the summary once. */
export async function read(url: string): Promise<string> {
  return await (await fetch(`${url}/is-bitcoin-lit`)).text();
}

/** How a refresh ended. */
export interface Refreshed {
  readonly status: number;
  /** The name of the problem; empty without one. */
  readonly problem: string;
  /** Whether an earlier refresh's result was answered. */
  readonly isReplayed: boolean;
  /** How long a bystander waited for it. */
  readonly ms: number;
}

const REFRESH_ANSWER = z.object({
  type: z.string().default(""),
  replayed: z.boolean().default(false),
});

/** Refreshes once. */
export async function refresh(url: string): Promise<Refreshed> {
  const { value, ms } = await measureWait(async () => {
    const response = await fetch(`${url}/refresh`, { method: "POST" });
    return { ...REFRESH_ANSWER.parse(await response.json()), status: response.status };
  });
  return {
    status: value.status,
    problem: value.type.replace("/docs/problems#", ""),
    isReplayed: value.replayed,
    ms,
  };
}
