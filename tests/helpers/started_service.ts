import { createTestClock, type TestClock } from "./clock.ts";
import { createFakeFeed, type FakeSource } from "./fake_feed.ts";
import { serveLocally } from "./local_server.ts";
import { startTestRedis, type TestRedis } from "./redis.ts";
import { risingAnswer } from "./samples.ts";
import { createTestService, type TestService, type TestServiceOptions } from "./service.ts";

/** A whole service that has its first samples and listens on a loopback port. */
export interface StartedService extends TestService {
  readonly url: string;
  readonly redis: TestRedis;
  readonly clock: TestClock;
  /** The only source of its feed. */
  readonly source: FakeSource;
}

/** Starts a whole service on a Redis of its own, with a feed of three rising hours. */
export async function startService(
  options: Partial<TestServiceOptions> = {},
): Promise<StartedService> {
  const redis = await startTestRedis();
  const clock = createTestClock();
  const feed = createFakeFeed({ test: risingAnswer });
  const service = createTestService({ redis, feed, clock, ...options });
  const server = serveLocally(service.fetch);
  service.start();
  await service.tick();
  return {
    ...service,
    url: server.url.slice(0, -1),
    redis,
    clock,
    source: feed.fakes.test,
    async [Symbol.asyncDispose]() {
      await service.stop(async () => await server[Symbol.asyncDispose]());
      await redis[Symbol.asyncDispose]();
    },
  };
}
